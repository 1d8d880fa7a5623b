"""Reputation as it is shown, with the figures of its formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from tongdao.crm.reputation.models import Standing, StandingKind, StandingWait
from tongdao.crm.reputation.scoring import bps, score_hundredths
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook.reputation import ANSWER_WITHIN, LEAST_CASES, PRIOR_REVIEWS, PRIOR_TENTHS

Counts = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole` cases."""

    part: int
    whole: int
    least: int

    @property
    def bps(self) -> int | None:
        """In hundredths of a percent; None of fewer than `least` cases."""
        return bps(self.part, self.whole) if self.whole >= self.least else None


@dataclass(frozen=True, slots=True)
class Mean:
    """`seconds` over all `cases`."""

    seconds: int
    cases: int
    least: int

    @property
    def time(self) -> timedelta | None:
        """In whole seconds; None of fewer than `least` cases."""
        return timedelta(seconds=self.seconds // self.cases) if self.cases >= self.least else None


@dataclass(frozen=True, slots=True)
class Reputation:
    """`score_hundredths` of stars is the Bayesian average of `counts`, reviews of one star to five; None
    where there are none. What fewer than `least` cases would tell is not said (Rate, Mean).
    """

    counts: Counts
    prior_reviews: int
    prior_tenths: int
    least: int
    answer_within: timedelta
    returned: Rate  # units given back, of units sent
    in_time: Rate  # orders sent by the promised moment, of orders sent
    disputed: Rate  # disputes, of orders sent
    lost: Rate  # disputes that were ruled against the shop, of orders sent
    ruled: int  # disputes of which the ruling was carried out
    answered: Rate  # conversations and cases answered in time, of all
    to_send: Mean  # from payment, over orders sent
    to_deliver: Mean  # from payment, over parcels
    to_answer: Mean  # the longest wait of each conversation and case
    to_answer_reviews: Mean

    @property
    def score_hundredths(self) -> int | None:
        if not self.reviews:
            return None
        return score_hundredths(self.counts, self.prior_reviews, self.prior_tenths)

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
    least = LEAST_CASES.on(at)
    return Reputation(
        counts=(row.stars_1, row.stars_2, row.stars_3, row.stars_4, row.stars_5),
        prior_reviews=PRIOR_REVIEWS.on(at),
        prior_tenths=PRIOR_TENTHS.on(at),
        least=least,
        answer_within=ANSWER_WITHIN.on(at),
        returned=Rate(row.units_back, row.units_sent, least),
        in_time=Rate(row.orders_in_time, row.orders_sent, least),
        disputed=Rate(row.disputes, row.orders_sent, least),
        lost=Rate(row.disputes_lost, row.orders_sent, least),
        ruled=row.disputes_ruled,
        answered=_answered(row, kind, subject_id, at),
        to_send=Mean(row.seconds_to_send, row.orders_sent, least),
        to_deliver=Mean(row.seconds_to_deliver, row.parcels_delivered, least),
        to_answer=Mean(row.seconds_waited, row.waits, least),
        to_answer_reviews=Mean(row.seconds_to_answer, row.answers, least),
    )


def _answered(row: Standing, kind: StandingKind, subject_id: UUID, at: datetime) -> Rate:
    """Who waits too long already was not answered in time, whatever comes. Nobody waits for a product."""
    never = spoiled = 0
    if kind != StandingKind.PRODUCT:
        waiting = StandingWait.objects.filter(kind=kind, subject_id=subject_id)
        overdue = waiting.filter(since__lt=at - ANSWER_WITHIN.on(at)).aggregate(
            never=Count("id", filter=Q(longest__isnull=True)), spoiled=Count("id", filter=Q(in_time=True))
        )
        never, spoiled = overdue["never"], overdue["spoiled"]
    return Rate(row.waits_in_time - spoiled, row.waits + never, LEAST_CASES.on(at))
