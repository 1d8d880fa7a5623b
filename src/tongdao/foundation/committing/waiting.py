"""Who waits: one line a merchant, merchants in turn, so that one shop's rush does not delay another's sale.

`Waiting` is not thread-safe; its owner holds a lock.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
R = TypeVar("R")


class NotYet(Exception):
    """The answer is not there."""


def _closed() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class Item(Generic[T, R]):
    """What one request wants, and the place where its answer is left."""

    wish: T
    since: float = field(default_factory=time.monotonic)
    _answer: R | None = None
    _error: Exception | None = None
    _there: Lock = field(default_factory=_closed)
    _next: Item[T, R] | None = None
    _left: bool = False

    def answer(self, seconds: float) -> R:
        """Wait for it. Raises what was answered with, or NotYet."""
        if not self._there.acquire(timeout=seconds):
            raise NotYet()
        _wake(self._next)
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]  # None is an answer where R says so

    def leave(self) -> None:
        """Wait no longer, and still wake the next one when the answer comes."""
        self._left = True
        if self._there.acquire(blocking=False):
            _wake(self._next)


def give(items: Sequence[Item[T, R]], answers: Sequence[R | Exception]) -> None:
    """Leave each its answer, and wake the first; each wakes the next one.

    All at once would have as many threads fight for the interpreter as there are in the batch, which costs
    more than their work does.
    """
    for item, answer in zip(items, answers, strict=True):
        if isinstance(answer, Exception):
            item._error = answer
        else:
            item._answer = answer
    for item, following in pairwise(items):
        item._next = following
    _wake(items[0] if items else None)


def _wake(item: Item[T, R] | None) -> None:
    while item is not None:
        item._there.release()
        if not (item._left and item._there.acquire(blocking=False)):
            return  # it wakes the next one, or has left after it did
        item = item._next


class Waiting(Generic[T, R]):
    """Lines of at most `most_each` items, at most `most` in all."""

    def __init__(self, *, most: int, most_each: int) -> None:
        self.most, self.most_each = most, most_each
        self.count = 0
        self._lines: OrderedDict[UUID, deque[Item[T, R]]] = OrderedDict()

    def add(self, merchant_id: UUID, item: Item[T, R]) -> bool:
        """Put it at the end of its merchant's line; False when there is no room."""
        line = self._lines.get(merchant_id)
        if self.count >= self.most or (line is not None and len(line) >= self.most_each):
            return False
        if line is None:
            line = self._lines[merchant_id] = deque()
        line.append(item)
        self.count += 1
        return True

    def take(self, most: int) -> tuple[UUID, list[Item[T, R]]]:
        """Up to `most` items from the front of the line whose turn it is; its merchant goes to the back."""
        merchant_id, line = next(iter(self._lines.items()))
        taken = [line.popleft() for _ in range(min(most, len(line)))]
        self.count -= len(taken)
        del self._lines[merchant_id]
        if line:
            self._lines[merchant_id] = line
        return merchant_id, taken

    def drop(self, merchant_id: UUID, item: Item[T, R]) -> bool:
        """Take an item out that nobody has taken yet; False when it was taken."""
        line = self._lines.get(merchant_id)
        if line is None or item not in line:
            return False
        line.remove(item)
        self.count -= 1
        if not line:
            del self._lines[merchant_id]
        return True

    def length(self, merchant_id: UUID) -> int:
        return len(self._lines.get(merchant_id, ()))

    def drain(self) -> list[Item[T, R]]:
        """Everything that still waits; nothing does afterwards."""
        left = [item for line in self._lines.values() for item in line]
        self._lines.clear()
        self.count = 0
        return left
