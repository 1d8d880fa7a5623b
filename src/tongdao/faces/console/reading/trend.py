"""Visits, orders, revenue and refunds of the last days, as the kit's charts draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongdao.crm.insight import queries

Points = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Trend:
    """Pairs (day, figure), oldest first; money in fen. `refunds`: what was paid back that day."""

    days: int
    visits: Points
    visitors: Points
    orders: Points
    revenue: Points
    refunds: Points

    @property
    def visits_total(self) -> int:
        return _sum(self.visits)

    @property
    def orders_total(self) -> int:
        return _sum(self.orders)

    @property
    def revenue_total(self) -> int:
        return _sum(self.revenue)

    @property
    def refunds_total(self) -> int:
        return _sum(self.refunds)

    @property
    def empty(self) -> bool:
        return not any((self.visits_total, self.orders_total, self.refunds_total))


def trend(now: datetime, days: int) -> Trend:
    """The last `days` days, today last."""
    rows = queries.trend(now, days=days)
    names = [f"{row.day:%m-%d}" for row in rows]

    def points(figures: list[int]) -> Points:
        return list(zip(names, figures, strict=True))

    return Trend(
        days,
        points([row.visits for row in rows]),
        points([row.visitors for row in rows]),
        points([row.orders for row in rows]),
        points([int(row.revenue_fen) for row in rows]),
        points([int(row.refunded_fen) for row in rows]),
    )


def _sum(points: Points) -> int:
    return sum(figure for _, figure in points)
