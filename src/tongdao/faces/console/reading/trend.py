"""Orders paid and revenue of the last two weeks, day by day in Beijing time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from tongdao.trade.orders.models import Order

DAYS = 14
BEIJING = ZoneInfo("Asia/Shanghai")
PAID = ("paid", "completed", "cancelled")


@dataclass(frozen=True, slots=True)
class Trend:
    """Pairs (day, figure) for the kit's charts, oldest first. Revenue in fen, cancelled orders left out."""

    orders: list[tuple[str, int]]
    revenue: list[tuple[str, int]]

    @property
    def orders_total(self) -> int:
        return sum(count for _, count in self.orders)

    @property
    def revenue_total(self) -> int:
        return sum(fen for _, fen in self.revenue)


def trend(now: datetime) -> Trend:
    last = now.astimezone(BEIJING).date()
    days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    start = datetime.combine(days[0], datetime.min.time(), BEIJING)
    # An order is paid within minutes of being placed; the bound on `placed_at` lets the index serve.
    rows = (
        Order.objects.filter(state__in=PAID, placed_at__gte=start - timedelta(days=1), paid_at__gte=start)
        .annotate(day=TruncDate("paid_at", tzinfo=BEIJING))
        .values("day", "state")
        .annotate(many=Count("id"), fen=Sum("total_fen"))
        .order_by("day")
    )
    counts: dict[date, int] = {}
    sums: dict[date, int] = {}
    for row in rows:
        counts[row["day"]] = counts.get(row["day"], 0) + row["many"]
        if row["state"] != "cancelled":
            sums[row["day"]] = sums.get(row["day"], 0) + int(row["fen"])
    return Trend(
        [(f"{day:%m-%d}", counts.get(day, 0)) for day in days],
        [(f"{day:%m-%d}", sums.get(day, 0)) for day in days],
    )
