"""Which stock owner ships. Today the merchant's own nodes: the one with most to promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tongdao.goods.inventory.models import Stock


@dataclass(frozen=True, slots=True)
class Source:
    """Stock that can serve a SKU. `available` is a hint until the row is locked."""

    stock_id: UUID
    node_id: UUID
    available: int


def route(sku_ids: Iterable[UUID]) -> dict[UUID, Source]:
    """The best source of each SKU; one without stock rows is left out."""
    best: dict[UUID, Source] = {}
    for stock in Stock.objects.filter(sku_id__in=list(sku_ids)).order_by("id"):
        source = Source(stock.id, stock.node_id, stock.on_hand - stock.reserved)
        if stock.sku_id not in best or source.available > best[stock.sku_id].available:
            best[stock.sku_id] = source
    return best
