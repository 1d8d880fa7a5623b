"""Reading the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tongdao.crm.metrics.models import SalesDay
from tongdao.foundation.money import Fen


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of trade; a day without any has zeros."""

    day: date
    orders_placed: int
    orders_paid: int
    paid_fen: Fen
    refunded_fen: Fen


def sales_days(last: date, *, days: int) -> list[DayFigures]:
    """The `days` days up to and including `last`, oldest first. In the merchant's scope."""
    first = last - timedelta(days=days - 1)
    rows = {row.day: row for row in SalesDay.objects.filter(day__range=(first, last))}
    return [_figures(first + timedelta(days=n), rows.get(first + timedelta(days=n))) for n in range(days)]


def _figures(day: date, row: SalesDay | None) -> DayFigures:
    if row is None:
        return DayFigures(day, 0, 0, Fen(0), Fen(0))
    return DayFigures(day, row.orders_placed, row.orders_paid, Fen(row.paid_fen), Fen(row.refunded_fen))
