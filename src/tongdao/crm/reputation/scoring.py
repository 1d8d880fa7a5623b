"""The formula, pure: the same that stands on the page."""

from __future__ import annotations

from collections.abc import Sequence


def score_hundredths(counts: Sequence[int], prior_reviews: int, prior_tenths: int) -> int:
    """The Bayesian average of stars in hundredths, half up: (w × p + all stars) ÷ (w + number of reviews).

    `counts`: reviews of one star to five; w `prior_reviews` of `prior_tenths` / 10 stars each.
    """
    stars = sum(place * count for place, count in enumerate(counts, 1))
    above = prior_reviews * prior_tenths * 10 + stars * 100
    below = prior_reviews + sum(counts)
    return (2 * above + below) // (2 * below)


def bps(part: int, whole: int) -> int:
    """`part` of `whole` in hundredths of a percent, half up; at most all of it."""
    return min(10_000, (20_000 * part + whole) // (2 * whole)) if whole else 0
