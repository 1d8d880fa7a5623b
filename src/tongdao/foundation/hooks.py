"""Questions that a lower room asks of higher ones, which register their answers here.

A hook is a name; an answer is a function that returns `None` for "no objection", or the refusal that says why
not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from tongdao.foundation.refusals import Refusal

Answer = Callable[[UUID], Refusal | None]
_answers: dict[str, list[Answer]] = defaultdict(list)


def register(hook: str) -> Callable[[Answer], Answer]:
    """Register the decorated function as an answer to `hook`."""

    def keep(answer: Answer) -> Answer:
        _answers[hook].append(answer)
        return answer

    return keep


def objections(hook: str, subject: UUID) -> list[Refusal]:
    """All objections of higher rooms to `hook` for `subject`; empty means that it may go on."""
    return [reason for answer in _answers[hook] if (reason := answer(subject)) is not None]
