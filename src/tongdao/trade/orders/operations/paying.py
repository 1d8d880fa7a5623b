"""The order's side of a capture. Called by trade.payments in the capture's own transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.events.recording import Row
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.trade.orders.events import OrderPaid
from tongdao.trade.orders.models import Order, PaymentSchedule
from tongdao.trade.orders.quoting import PROMISES
from tongdao.trade.orders.states import ORDER, SCHEDULE


def lock_purchases(purchase_ids: Iterable[UUID]) -> list[UUID]:
    """Lock all orders of these purchases in one step; their ids."""
    ids = Order.objects.filter(purchase_id__in=set(purchase_ids)).values_list("id", flat=True)
    return lock_rows(Rank.ORDER, Order, ids)


def mark_paid(paid_at: Mapping[UUID, datetime], *, actor: Actor) -> dict[UUID, list[Order]]:
    """Move the waiting orders of these purchases (id → when paid) to paid; they by purchase.

    A purchase of which none waited any more is left out. The caller holds the orders' locks.
    """
    if not paid_at:
        return {}
    rows = dict(Order.objects.filter(purchase_id__in=paid_at).values_list("id", "purchase_id"))
    changes = {
        id: {"paid_at": paid_at[purchase], "ship_by": _ship_by(paid_at[purchase])}
        for id, purchase in rows.items()
    }
    moved = claim(ORDER, "placed", "paid", Order, changes)
    moved += claim(ORDER, "closing", "paid", Order, {id: changes[id] for id in changes.keys() - set(moved)})
    orders = list(Order.objects.filter(pk__in=moved).order_by("id"))
    found: dict[UUID, list[Order]] = defaultdict(list)
    for order in orders:
        found[order.purchase_id].append(order)
    due = PaymentSchedule.objects.filter(purchase_id__in=found).values_list("id", flat=True)
    claim(SCHEDULE, "due", "paid", PaymentSchedule, list(due) if found else [])
    record_many([_event(order, actor) for order in orders])
    return dict(found)


def _ship_by(paid_at: datetime) -> datetime:
    return paid_at + timedelta(hours=PROMISES["ship_hours"])


def _event(order: Order, actor: Actor) -> Row:
    payload = OrderPaid(
        purchase_id=order.purchase_id,
        person_id=order.person_id,
        total_fen=order.total_fen,
        ship_by=order.ship_by or order.placed_at,
    )
    return as_row(payload, subject=Subject("order", order.id, order.version), actor=actor)
