"""Counting, in the transaction of what is counted. Callers hold the review's row, so nothing counts twice."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F

from tongdao.trade.reviews.models import Review, ReviewTally


def count_in(review: Review) -> None:
    """A new review."""
    rows = [ReviewTally(product_id=review.product_id)]
    ReviewTally.objects.bulk_create(rows, ignore_conflicts=True)
    _add(review.product_id, _share(review))


def count_out(review: Review) -> None:
    """A review that is taken down: it does not count any more."""
    _add(review.product_id, {column: -number for column, number in _share(review).items()})


def count_follow_up(review: Review) -> None:
    """A follow-up was added; `review` as it is with it."""
    newly_pictured = review.follow_up_pictures > 0 and review.pictures == 0
    _add(review.product_id, {"followed_up": 1, "pictured": int(newly_pictured)})


def touch(product_id: UUID) -> None:
    """Nothing counts otherwise, but something of the product's reviews shows otherwise."""
    _add(product_id, {"pictured": 0})


def _share(review: Review) -> dict[str, int]:
    return {
        f"stars_{review.stars}": 1,
        "pictured": int(review.pictures + review.follow_up_pictures > 0),
        "followed_up": int(review.followed_up_at is not None),
    }


def _add(product_id: UUID, numbers: Mapping[str, int]) -> None:
    ReviewTally.objects.filter(product_id=product_id).update(
        **{column: F(column) + number for column, number in numbers.items()}
    )
