"""Who waits: one line a merchant, merchants in turn, so that one shop's rush does not delay another's sale.

Not thread-safe; its owner holds a lock.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class Item(Generic[T, R]):
    """What one request wants. `answer` is set by the committer, with the result or with what it raises."""

    wish: T
    answer: Future[R] = field(default_factory=Future)
    since: float = field(default_factory=time.monotonic)


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
