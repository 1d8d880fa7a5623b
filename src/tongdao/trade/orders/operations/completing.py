"""Receipt: by the buyer, or by the timer. From then on the time runs in which the goods may be given back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.clock import beijing_day, day_begins
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.events import OrderCompleted
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.orders.promises import promise_of
from tongdao.trade.orders.refusals import NothingArrived, OrderNotPaid
from tongdao.trade.orders.states import ORDER

DUE = """
select merchant_id, id from "order"
where state = 'paid' and confirm_by <= %s and confirm_held_at is null order by confirm_by limit %s
"""


def complete_order(order_id: UUID, *, actor: Actor) -> Order:
    """Confirm receipt. Doing it again is no error. Raises NotFound, OrderNotPaid or NothingArrived."""
    if not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    order = Order.objects.get(pk=order_id)
    if order.state == "completed":
        return order
    if order.state != "paid":
        raise OrderNotPaid()
    if order.confirm_by is None:
        raise NothingArrived()
    now = clock.now()
    until = _release_at(order_id, now)
    claim(ORDER, "paid", "completed", Order, [order_id], completed_at=now, release_at=until)
    order.refresh_from_db()
    payload = OrderCompleted(person_id=order.person_id, total_fen=order.total_fen)
    record(payload, subject=order, actor=actor)
    return order


def set_confirm_deadline(order_id: UUID, confirm_by: datetime) -> None:
    """All is shipped: receipt is confirmed by itself at `confirm_by`. The caller holds the order's lock."""
    Order.objects.filter(pk=order_id, state="paid", confirm_by__isnull=True).update(confirm_by=confirm_by)


def clear_confirm_deadline(order_id: UUID) -> None:
    """Not all is shipped any more. The caller holds the order's lock."""
    Order.objects.filter(pk=order_id, state="paid").update(confirm_by=None)


def hold_confirm(order_id: UUID) -> None:
    """The timer waits: something is open about the order. The caller holds the order's lock."""
    Order.objects.filter(pk=order_id, state="paid", confirm_held_at__isnull=True).update(
        confirm_held_at=clock.now()
    )


def resume_confirm(order_id: UUID) -> None:
    """It goes on, later by as long as it waited. The caller holds the order's lock."""
    held = Order.objects.filter(pk=order_id, confirm_held_at__isnull=False)
    waited = clock.now() - F("confirm_held_at")
    held.filter(confirm_by__isnull=False).update(confirm_by=F("confirm_by") + waited)
    held.update(confirm_held_at=None)


def sweep_confirm(now: datetime, limit: int = 200) -> int:
    """Confirm what the buyer left to the timer; returns how many. One short transaction an order."""

    def confirm(merchant_id: UUID, order_id: UUID) -> None:
        with merchant_scope(merchant_id):
            confirm_if_due(order_id, now)

    return work_off(due_rows(DUE, now, limit), confirm, "confirming receipt")


def confirm_if_due(order_id: UUID, now: datetime) -> None:
    """What the timer does, if it still has to: a case may have been opened since the sweep looked."""
    lock_rows(Rank.ORDER, Order, [order_id])
    due = Order.objects.filter(pk=order_id, state="paid", confirm_by__lte=now, confirm_held_at__isnull=True)
    if due.exists():
        complete_order(order_id, actor=SYSTEM)


def _release_at(order_id: UUID, received: datetime) -> datetime:
    """The first moment after the last day on which a line may be given back, as promised when it was bought.

    Days are counted in Beijing, from the one after receipt, past days of rest (rulebook.calendar.last_day).
    """
    day = beijing_day(received)
    promised = OrderLine.objects.filter(order_id=order_id).values_list("policies", flat=True)
    last = max((promise_of(each).last_return_day(day) or day for each in promised), default=day)
    return day_begins(last + timedelta(days=1))
