"""Goods that come back from a buyer, and goods that are sent instead of others."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.goods.inventory.models import Stock, StockMovement


class NotFree(Exception):
    """So many units are not free at that node."""


def put_back(sku_id: UUID, node_id: UUID, units: int, *, source: UUID) -> None:
    """Units that can be sold lie in the warehouse again. Call it once for each `source`, a case's item."""
    stock, _ = Stock.objects.get_or_create(sku_id=sku_id, node_id=node_id)
    lock_rows(Rank.STOCK, Stock, [stock.id])
    Stock.objects.filter(pk=stock.id).update(on_hand=F("on_hand") + units)
    _move(stock.id, units, "return", source)


def take_out(sku_id: UUID, node_id: UUID, units: int, *, source: UUID) -> None:
    """Units that nobody was promised leave the warehouse. Raises NotFree."""
    ids = Stock.objects.filter(sku_id=sku_id, node_id=node_id).values_list("id", flat=True)
    lock_rows(Rank.STOCK, Stock, ids)
    free = Stock.objects.filter(sku_id=sku_id, node_id=node_id, on_hand__gte=F("reserved") + units)
    row = free.first()
    if row is None:
        raise NotFree()
    Stock.objects.filter(pk=row.id).update(on_hand=F("on_hand") - units)
    _move(row.id, -units, "replace", source)


def _move(stock_id: UUID, delta: int, reason: str, source: UUID) -> None:
    StockMovement.objects.create(stock_id=stock_id, delta=delta, reason=reason, source=source, at=clock.now())
