"""Orders as the list shows them, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tongdao.foundation.money import Fen
from tongdao.foundation.pii import mask_name
from tongdao.terms.promotions.queries import waiting_orders
from tongdao.trade.orders.models import Allocation, DeliveryAddress, Order, OrderLine


@dataclass(frozen=True, slots=True)
class OrderRow:
    """`goods` names the first line, `units` counts all; `left` units are not packed yet.

    `shipped`: all has left, and its receipt is not confirmed yet. `waits`: its group has not formed.
    """

    order_id: UUID
    number: str
    state: str
    placed_at: datetime
    buyer: str
    goods: str
    units: int
    left: int
    total_fen: Fen
    ship_by: datetime | None
    shipped: bool
    waits: bool


def order_rows(ids: Sequence[UUID]) -> list[OrderRow]:
    """These orders, the newest first."""
    return _rows(list(Order.objects.filter(id__in=ids).order_by("-id")))


def _rows(orders: Sequence[Order]) -> list[OrderRow]:
    ids = [order.id for order in orders]
    lines: defaultdict[UUID, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(order_id__in=ids).order_by("position"):
        lines[line.order_id].append(line)
    names = _names([order.purchase_id for order in orders])
    waiting = waiting_orders([order.id for order in orders if order.state == "paid"])
    left = _left([id for id in ids if id not in waiting])
    return [
        _row(
            order,
            lines[order.id],
            names.get(order.purchase_id, ""),
            left.get(order.id, 0),
            waits=order.id in waiting,
        )
        for order in orders
    ]


def _names(purchases: list[UUID]) -> dict[UUID, str]:
    rows = DeliveryAddress.objects.filter(purchase_id__in=purchases, erased_at__isnull=True)
    return {row.purchase_id: mask_name(row.recipient) for row in rows}


def _left(ids: list[UUID]) -> dict[UUID, int]:
    """Units to pack, of paid orders only."""
    rows = Allocation.objects.filter(line__order_id__in=ids, line__order__state="paid")
    left: defaultdict[UUID, int] = defaultdict(int)
    for order_id, units in rows.values_list("line__order_id", F("quantity") - F("packed") - F("cancelled")):
        left[order_id] += units
    return left


def _row(order: Order, lines: Sequence[OrderLine], buyer: str, left: int, *, waits: bool) -> OrderRow:
    return OrderRow(
        order_id=order.id,
        number=order.number,
        state=order.state,
        placed_at=order.placed_at,
        buyer=buyer,
        goods=lines[0].title if lines else "",
        units=sum(line.quantity for line in lines),
        left=left,
        total_fen=Fen(order.total_fen),
        ship_by=order.ship_by,
        shipped=order.state == "paid" and order.confirm_by is not None,
        waits=waits,
    )
