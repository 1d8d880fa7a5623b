"""What higher rooms do at once when a lower one tells them: in its transaction, so that both happen or
neither.

Only for what may not be late by a second; everything else reads the event log (foundation.events).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

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
