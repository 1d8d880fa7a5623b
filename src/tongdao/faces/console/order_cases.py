"""The after-sale cases of an order, as a page beside it lists them."""

from __future__ import annotations

from tongdao.faces.console.reading.record import Record
from tongdao.faces.console.words import CANCEL_REASONS, GIVE_BACK_REASONS
from tongdao.faces.kit.shapes import Cell
from tongdao.trade.aftersales.models import AfterSale


def cases_of(record: Record) -> list[Cell]:
    """Each case with its reason, and when it was opened; the latest first."""
    rows = AfterSale.objects.filter(order=record.order).order_by("-opened_at", "-id")
    reasons = {**GIVE_BACK_REASONS, **CANCEL_REASONS}
    return [Cell(row.opened_at, str(reasons.get(row.reason, row.reason)), "time") for row in rows]
