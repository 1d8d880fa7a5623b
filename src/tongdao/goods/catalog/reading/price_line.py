"""The price of a SKU with its honest history: since when, how low it was, and what may be crossed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.queries import PricePoint, lowest_price_before, price_history
from tongdao.rulebook import trade

LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """`lowest_fen` is that of the last 30 days, None where the price never changed in them.

    `crossed_fen` may be shown crossed out: it was really asked in the `base_days` before today's price.
    """

    fen: Fen
    since: datetime | None
    lowest_fen: Fen | None
    crossed_fen: Fen | None
    base_days: int


def price_line(sku_id: UUID, price: Fen, stated: Fen | None, *, at: datetime) -> PriceLine:
    """`stated` is the merchant's own crossed-out price: lowered to what the history bears, or dropped."""
    points = price_history(sku_id, limit=200)
    since = _since(points)
    days = trade.PRICE_BASE_DAYS.on(at)
    lowest = lowest_price_before(sku_id, since=at - LOOK_BACK, until=at)
    before = lowest_price_before(sku_id, since=since - timedelta(days=days), until=since) if since else None
    moved = any(point.price_fen != price for point in _lately(points, at))
    return PriceLine(price, since, lowest if moved else None, _crossed(price, stated, before), days)


def _since(points: Sequence[PricePoint]) -> datetime | None:
    """When today's price began; changes that left the price alone do not count. `points` latest first."""
    since = None
    for point in points:
        if point.price_fen != points[0].price_fen:
            break
        since = point.at
    return since


def _lately(points: Sequence[PricePoint], at: datetime) -> list[PricePoint]:
    """The prices that were in force at some moment of the last 30 days."""
    inside = [point for point in points if point.at >= at - LOOK_BACK]
    return list(points[: len(inside) + 1])


def _crossed(price: Fen, stated: Fen | None, before: Fen | None) -> Fen | None:
    """The base of a discount is the lowest price of the days before it (Interim Provisions 2020, Art. 21)."""
    if stated is None or before is None:
        return None
    honest = Fen(min(stated, before))
    return honest if honest > price else None
