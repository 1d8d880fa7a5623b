"""Reputation as it is shown, with the figures of its formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.crm.reputation.models import Standing, StandingKind
from tongdao.crm.reputation.scoring import bps, score_hundredths
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook.reputation import LEAST_CASES, PRIOR_REVIEWS, PRIOR_TENTHS

Counts = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Reputation:
    """`score_hundredths` of stars is the Bayesian average of `counts`, reviews of one star to five; None
    where there are none. Rates are hundredths of a percent. One of fewer than `least` cases is None.
    """

    counts: Counts
    prior_reviews: int
    prior_tenths: int
    least: int
    score_hundredths: int | None
    returned_bps: int | None
    in_time_bps: int | None
    to_send: timedelta | None
    to_deliver: timedelta | None
    to_answer: timedelta | None

    @property
    def reviews(self) -> int:
        return sum(self.counts)

    @property
    def stars(self) -> int:
        """All stars of all counted reviews."""
        return sum(place * count for place, count in enumerate(self.counts, 1))


def merchant_reputation(at: datetime) -> Reputation:
    """Of the merchant whose scope it is."""
    return reputation_of(StandingKind.MERCHANT, current_merchant(), at)


def product_reputation(product_id: UUID, at: datetime) -> Reputation:
    return reputation_of(StandingKind.PRODUCT, product_id, at)


def promoter_reputation(promoter_id: UUID, at: datetime) -> Reputation:
    return reputation_of(StandingKind.PROMOTER, promoter_id, at)


def reputation_of(kind: StandingKind, subject_id: UUID, at: datetime) -> Reputation:
    """As of the last event read, by the figures in force at `at`. In the merchant's scope."""
    row = Standing.objects.filter(kind=kind, subject_id=subject_id).first() or Standing()
    counts = (row.stars_1, row.stars_2, row.stars_3, row.stars_4, row.stars_5)
    weight, prior, least = PRIOR_REVIEWS.on(at), PRIOR_TENTHS.on(at), LEAST_CASES.on(at)

    def mean(seconds: int, cases: int) -> timedelta | None:
        return timedelta(seconds=seconds // cases) if cases >= least else None

    return Reputation(
        counts=counts,
        prior_reviews=weight,
        prior_tenths=prior,
        least=least,
        score_hundredths=score_hundredths(counts, weight, prior) if any(counts) else None,
        returned_bps=bps(row.units_back, row.units_sent) if row.units_sent >= least else None,
        in_time_bps=bps(row.orders_in_time, row.orders_sent) if row.orders_sent >= least else None,
        to_send=mean(row.seconds_to_send, row.orders_sent),
        to_deliver=mean(row.seconds_to_deliver, row.parcels_delivered),
        to_answer=mean(row.seconds_to_answer, row.answers),
    )
