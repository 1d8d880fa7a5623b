from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class ReviewWritten:
    """A buyer reviewed what they received. Words and pictures stand in the review alone.

    `interested`: whoever writes works for the shop, or earns on the sale. `repeated`: the same human being
    has reviewed the product before. Both as it was known then; null in older events.
    """

    product_id: UUID
    line_id: UUID
    person_id: UUID
    stars: int
    pictures: int
    interested: bool | None
    repeated: bool | None


@dataclass(frozen=True, slots=True)
class ReviewFollowedUp:
    """The buyer said something more, some time later."""

    product_id: UUID
    person_id: UUID
    pictures: int


@dataclass(frozen=True, slots=True)
class ReviewAnswered:
    """The seller answered the review or its follow-up."""

    product_id: UUID
    person_id: UUID
    to: Literal["review", "follow_up"]


@dataclass(frozen=True, slots=True)
class ReviewFolded:
    """The seller folded it; the reason stands in the event and beside the review."""

    product_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class ReviewUnfolded:
    """The seller took the folding back."""

    product_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class ReviewTakenDown:
    """Words and pictures are gone by law; the reason stands in the event and on the tombstone."""

    product_id: UUID
    person_id: UUID


define("review.written", ReviewWritten)
define("review.followed_up", ReviewFollowedUp)
define("review.answered", ReviewAnswered)
define("review.folded", ReviewFolded)
define("review.unfolded", ReviewUnfolded)
define("review.taken_down", ReviewTakenDown)
