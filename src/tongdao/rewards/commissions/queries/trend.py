"""Visits, orders and income of the last days, day by day in Beijing time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from tongdao.foundation.clock import BEIJING, beijing_day, day_begins
from tongdao.foundation.money import Fen
from tongdao.reach.traffic.models import Touch
from tongdao.rewards.commissions.queries.shares import shares_of

DAYS = 30
EARNING = ("paid", "completed")  # states of an order


@dataclass(frozen=True, slots=True)
class Day:
    """`visits` came through links; `orders` were paid on that day and stand; `income_fen` comes of them."""

    day: date
    visits: int
    orders: int
    income_fen: Fen


def last_days(promoter_ids: Sequence[UUID], now: datetime, days: int = DAYS) -> list[Day]:
    """Oldest first, today last."""
    last = beijing_day(now)
    wanted = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    start = day_begins(wanted[0])
    visits = _visits(promoter_ids, start)
    earned = _earned(promoter_ids, start)
    none = (0, Fen(0))
    return [Day(day, visits.get(day, 0), *earned.get(day, none)) for day in wanted]


def _visits(promoter_ids: Sequence[UUID], start: datetime) -> dict[date, int]:
    rows = (
        Touch.objects.filter(link__promoter_id__in=list(promoter_ids), at__gte=start)
        .annotate(day=TruncDate("at", tzinfo=BEIJING))
        .order_by()
        .values_list("day")
        .annotate(many=Count("id"))
    )
    return dict(rows)


def _earned(promoter_ids: Sequence[UUID], start: datetime) -> dict[date, tuple[int, Fen]]:
    rows = (
        shares_of(promoter_ids)
        .filter(line__order__state__in=EARNING, line__order__paid_at__gte=start)
        .annotate(day=TruncDate("line__order__paid_at", tzinfo=BEIJING))
        .order_by()
        .values_list("day")
        .annotate(orders=Count("line__order_id", distinct=True), fen=Sum("kept"))
    )
    return {day: (orders, Fen(int(fen))) for day, orders, fen in rows}
