"""How the shop goes, day by day: who came, who bought, what went back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tongdao.crm.metrics.queries import sales_days
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.money import Fen
from tongdao.reach.traffic.queries import visit_days

SPANS = (7, 14, 30)  # days that a trend may have


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One day in Beijing's calendar. `revenue_fen` is of the orders paid that day, refunds not taken off."""

    day: date
    views: int
    visits: int
    visitors: int
    orders: int
    revenue_fen: Fen
    refunded_fen: Fen


def trend(now: datetime, *, days: int) -> list[TrendDay]:
    """The last `days` days, today last. As of the last event read and of the last visits written down."""
    today = beijing_day(now)
    pairs = zip(visit_days(today, days=days), sales_days(today, days=days), strict=True)
    return [
        TrendDay(
            came.day,
            came.views,
            came.visits,
            came.visitors,
            sold.orders_paid,
            sold.paid_fen,
            sold.refunded_fen,
        )
        for came, sold in pairs
    ]
