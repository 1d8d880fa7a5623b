"""Setting what is on hand, by count or import."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, as_row, record_many
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.goods.inventory.events import StockCounted
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.goods.inventory.refusals import CountInvalid, StockBelowPromised

MOST_UNITS = 1_000_000


def set_on_hand(
    counts: Mapping[UUID, int], *, node_id: UUID, reason: str, source: UUID | None = None, actor: Actor
) -> int:
    """Set the units on hand of each SKU at a node; returns how many changed.

    Raises CountInvalid, or StockBelowPromised when open orders hold more than the new count.
    """
    if any(not 0 <= units <= MOST_UNITS for units in counts.values()):
        raise CountInvalid()
    Stock.objects.bulk_create(
        [Stock(sku_id=sku_id, node_id=node_id) for sku_id in counts], ignore_conflicts=True
    )
    ids = Stock.objects.filter(sku_id__in=list(counts), node_id=node_id).values_list("id", flat=True)
    lock_rows(Rank.STOCK, Stock, ids)
    changed = [
        (stock, counts[stock.sku_id])
        for stock in Stock.objects.filter(sku_id__in=list(counts), node_id=node_id).order_by("id")
        if stock.on_hand != counts[stock.sku_id]
    ]
    _write(changed, reason, source, actor)
    return len(changed)


def _write(changed: list[tuple[Stock, int]], reason: str, source: UUID | None, actor: Actor) -> None:
    now = clock.now()
    movements, events = [], []
    for stock, units in changed:
        movements.append(
            StockMovement(stock=stock, delta=units - stock.on_hand, reason=reason, source=source, at=now)
        )
        payload = StockCounted(sku_id=stock.sku_id, node_id=stock.node_id, source=Code(reason))
        old, new = {"on_hand": stock.on_hand}, {"on_hand": units}
        events.append(as_row(payload, subject=stock, actor=actor, old=old, new=new))
        stock.on_hand = units
    try:
        with transaction.atomic():
            Stock.objects.bulk_update([stock for stock, _ in changed], ["on_hand"])
    except IntegrityError as error:
        raise StockBelowPromised() from error
    StockMovement.objects.bulk_create(movements)
    record_many(events)
