"""What higher rooms do at once when a lower one tells them: in its transaction, so that both happen or
neither.

Only for what may not be late by a second; all else reads the event log (foundation.events).

`follow` hears of a row by its id. A `Joint` is for what a lower room does to many rows with few statements:
it hands over what it is about to write, and higher rooms add theirs to it (docs/decisions/0012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
Follower = Callable[[UUID], object]
_followers: dict[str, list[Follower]] = defaultdict(list)


def follow(news: str) -> Callable[[Follower], Follower]:
    """Call the decorated function whenever `news` is told."""

    def keep(follower: Follower) -> Follower:
        _followers[news].append(follower)
        return follower

    return keep


def tell(news: str, subject: UUID) -> None:
    """All who follow `news` do their part for `subject` now, inside the scope that is open."""
    for follower in _followers[news]:
        follower(subject)


class Joint(Generic[T]):
    """A place in a lower room's writing. What it hands over says what may be added, and how."""

    def __init__(self) -> None:
        self._parts: list[Callable[[T], None]] = []

    def join(self, part: Callable[[T], None]) -> Callable[[T], None]:
        """Call the decorated function each time, before the room writes."""
        self._parts.append(part)
        return part

    def __call__(self, matter: T) -> None:
        for part in self._parts:
            part(matter)
