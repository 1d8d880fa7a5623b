"""Receipt: by the buyer, or by the timer. The shares of the sale are released in the same transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.operations import Draft, Line, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.events import OrderCompleted
from tongdao.trade.orders.models import Order, WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.orders.refusals import NothingArrived, OrderNotPaid
from tongdao.trade.orders.states import ORDER

DUE = """
select merchant_id, id from "order" where state = 'paid' and confirm_by <= %s order by confirm_by limit %s
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
    claim(ORDER, "paid", "completed", Order, [order_id], completed_at=clock.now())
    order.refresh_from_db()
    _release(order, actor)
    payload = OrderCompleted(person_id=order.person_id, total_fen=order.total_fen)
    record(payload, subject=order, actor=actor)
    return order


def set_confirm_deadline(order_id: UUID, confirm_by: datetime) -> None:
    """All is shipped: receipt is confirmed by itself at `confirm_by`. The caller holds the order's lock."""
    Order.objects.filter(pk=order_id, state="paid", confirm_by__isnull=True).update(confirm_by=confirm_by)


def clear_confirm_deadline(order_id: UUID) -> None:
    """Not all is shipped any more. The caller holds the order's lock."""
    Order.objects.filter(pk=order_id, state="paid").update(confirm_by=None)


def sweep_confirm(now: datetime, limit: int = 200) -> int:
    """Confirm what the buyer left to the timer; returns how many. One short transaction an order."""
    return work_off(due_rows(DUE, now, limit), _confirm, "confirming receipt")


def _confirm(merchant_id: UUID, order_id: UUID) -> None:
    with merchant_scope(merchant_id):
        complete_order(order_id, actor=SYSTEM)


def _release(order: Order, actor: Actor) -> None:
    """Held shares become the beneficiaries' own."""
    shares = WaterfallShare.objects.filter(line__order_id=order.id).exclude(kind=ShareKind.CHANNEL_FEE)
    lines = [
        Line(
            source=AccountRef(f"held.{share.kind}", share.beneficiary),
            destination=AccountRef(f"released.{share.kind}", share.beneficiary),
            amount=Fen(share.amount_fen),
            reference=share.line_id,
        )
        for share in shares.order_by("line_id", "id")
    ]
    if lines:
        draft = Draft(
            key=f"release:{order.id}",
            kind="release",
            subject=order.id,
            postings=lines,
            currency=order.currency,
        )
        post_transactions([draft], actor=actor)
