"""The order's side of a capture. Called by trade.payments in the capture's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.events.recording import Row
from tongdao.foundation.states import claim
from tongdao.trade.orders.events import OrderPaid
from tongdao.trade.orders.models import Order, PaymentSchedule
from tongdao.trade.orders.quoting import PROMISES
from tongdao.trade.orders.states import ORDER, SCHEDULE


def mark_paid(purchase_id: UUID, *, paid_at: datetime, actor: Actor) -> Sequence[Order]:
    """Move the purchase's waiting orders to paid and return them; empty when none waited any more.

    The caller holds the orders' locks.
    """
    ids = list(Order.objects.filter(purchase_id=purchase_id).values_list("id", flat=True))
    ship_by = paid_at + timedelta(hours=PROMISES["ship_hours"])
    moved = claim(ORDER, "placed", "paid", Order, ids, paid_at=paid_at, ship_by=ship_by)
    moved += claim(ORDER, "closing", "paid", Order, ids, paid_at=paid_at, ship_by=ship_by)
    orders = list(Order.objects.filter(pk__in=moved).order_by("id"))
    if orders:
        due = list(PaymentSchedule.objects.filter(purchase_id=purchase_id).values_list("id", flat=True))
        claim(SCHEDULE, "due", "paid", PaymentSchedule, due)
    record_many([_event(order, ship_by, actor) for order in orders])
    return orders


def _event(order: Order, ship_by: datetime, actor: Actor) -> Row:
    payload = OrderPaid(
        purchase_id=order.purchase_id,
        person_id=order.person_id,
        total_fen=order.total_fen,
        ship_by=ship_by,
    )
    return as_row(payload, subject=Subject("order", order.id, order.version), actor=actor)
