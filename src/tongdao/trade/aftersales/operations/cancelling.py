"""Undoing a paid order whole, before anything was shipped."""

from __future__ import annotations

from uuid import UUID

from tongdao.finance.ledger.models import Transaction
from tongdao.finance.ledger.operations import Draft, post_transactions, reversal
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.goods.inventory.operations import release_reservations
from tongdao.terms.promotions.operations import return_uses
from tongdao.trade.aftersales.events import AfterSaleOpened
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind, AfterSaleLine
from tongdao.trade.aftersales.refusals import AlreadyShipped, CancelReasonUnknown, OrderNotCancellable
from tongdao.trade.orders.events import OrderCancelled
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.orders.states import ORDER
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt, Refund
from tongdao.trade.payments.operations import open_refund
from tongdao.trade.payments.operations.capturing import capture_key

REASONS = ("changed_mind", "wrong_item", "wrong_address", "too_slow", "other")
BY_BUYER = "buyer"  # what an order's `close_reason` says, whichever of these it was
GROUP_DISSOLVED = "group_dissolved"


def cancel_order(order_id: UUID, *, reason: str, actor: Actor) -> AfterSale:
    """Cancel a paid order of which nothing is packed: goods and offers are free, shares reversed, all money
    is on its way back.

    Doing it again returns the same case. Raises NotFound, CancelReasonUnknown, OrderNotCancellable or
    AlreadyShipped. Packing takes the same order lock, so exactly one of the two wins.
    """
    if reason not in REASONS:
        raise CancelReasonUnknown(reason=reason[:24])
    return _cancel(order_id, reason, BY_BUYER, actor)


def cancel_for_dissolved_group(order_id: UUID, *, actor: Actor) -> AfterSale:
    """The same, because the order's buying group did not come together. Nobody has to ask for it."""
    return _cancel(order_id, GROUP_DISSOLVED, GROUP_DISSOLVED, actor)


def _cancel(order_id: UUID, reason: str, closed_as: str, actor: Actor) -> AfterSale:
    if not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    order = Order.objects.get(pk=order_id)
    if order.state == "cancelled":
        return AfterSale.objects.get(order=order, kind=AfterSaleKind.CANCEL)
    if order.state != "paid":
        raise OrderNotCancellable(state=order.state)
    allocations = list(Allocation.objects.filter(line__order=order).order_by("id"))
    if any(allocation.packed for allocation in allocations):
        raise AlreadyShipped()
    claim(ORDER, "paid", "cancelled", Order, [order_id], closed_at=clock.now(), close_reason=closed_as)
    order.refresh_from_db()
    refund, drafts = _refund(order, actor)
    _free(allocations)
    return_uses([order_id], actor=actor)
    post_transactions(drafts, actor=actor)
    _tell(order, refund, actor)
    return _case(order, refund, reason, actor)


def _refund(order: Order, actor: Actor) -> tuple[Refund, list[Draft]]:
    """The refund, and what to post for it: the order's capture reversed, then the whole owed to the buyer."""
    payment = PaymentAllocation.objects.select_related("attempt").get(order=order)
    lock_rows(Rank.ATTEMPT, PaymentAttempt, [payment.attempt_id])
    refund, owed = open_refund(
        payment.attempt,
        order=order,
        person_id=order.person_id,
        amount=Fen(payment.amount_fen),
        reason="cancelled" if order.close_reason == BY_BUYER else order.close_reason,
        actor=actor,
    )
    captured = Transaction.objects.get(key=capture_key(order.id))
    return refund, [reversal(captured.id, f"cancel:{order.id}"), owed]


def _free(allocations: list[Allocation]) -> None:
    for allocation in allocations:
        allocation.cancelled = allocation.quantity
    Allocation.objects.bulk_update(allocations, ["cancelled"])
    release_reservations([allocation.id for allocation in allocations])


def _tell(order: Order, refund: Refund, actor: Actor) -> None:
    payload = OrderCancelled(person_id=order.person_id, refund_fen=refund.amount_fen)
    record(payload, subject=order, actor=actor, reason=order.close_reason)


def _case(order: Order, refund: Refund, reason: str, actor: Actor) -> AfterSale:
    case = AfterSale.objects.create(
        order=order,
        person_id=order.person_id,
        kind=AfterSaleKind.CANCEL,
        reason=reason,
        refund=refund,
        opened_at=clock.now(),
    )
    AfterSaleLine.objects.bulk_create(
        AfterSaleLine(
            aftersale=case,
            line=line,
            quantity=line.quantity,
            refund_fen=Fen(line.paid_fen + line.freight_fen),
        )
        for line in OrderLine.objects.filter(order=order).order_by("position")
    )
    payload = AfterSaleOpened(
        order_id=order.id, person_id=order.person_id, kind=Code("cancel"), refund_fen=refund.amount_fen
    )
    record(payload, subject=case, actor=actor, reason=reason)
    return case
