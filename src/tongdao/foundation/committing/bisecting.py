"""One bad item must not refuse its neighbours: what fails as a batch is tried again in halves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError

T = TypeVar("T")
R = TypeVar("R")
Commit = Callable[[UUID, Sequence[T]], Sequence[R | Exception]]

log = logging.getLogger(__name__)
AGAIN = ("40001", "40P01", "55P03")  # serialization failure, deadlock, lock timeout: nobody's fault
TRIES = 3


def commit_each(commit: Commit[T, R], merchant_id: UUID, wishes: Sequence[T]) -> list[R | Exception]:
    """The answer to each wish, in order: its result, or the exception that it alone ends with.

    A lost connection ends all of them: whether the server committed is not known, and only the same request
    key can tell.
    """
    for left in reversed(range(TRIES)):
        try:
            return _fitting(commit(merchant_id, wishes), wishes)
        except Exception as error:  # noqa: BLE001 becomes the answer of the one item that it belongs to
            if _lost(error):
                return [error] * len(wishes)
            if left and _state(error) in AGAIN:
                log.warning("a batch of %s is tried again: %s", len(wishes), _state(error))
                continue
            if len(wishes) == 1:
                return [error]
            break
    half = len(wishes) // 2
    first = commit_each(commit, merchant_id, wishes[:half])
    return first + commit_each(commit, merchant_id, wishes[half:])


def _fitting(answers: Sequence[R | Exception], wishes: Sequence[T]) -> list[R | Exception]:
    """The answers, if there is one for each wish: one too few would be given to the wrong buyers."""
    if len(answers) != len(wishes):
        raise AssertionError(f"{len(answers)} answers to {len(wishes)} wishes")
    return list(answers)


def _state(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _lost(error: BaseException) -> bool:
    """Whether the server went away. Running out of locks or memory (53…) is no such thing."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = _state(error)
    return state is None or state.startswith(("08", "57P"))
