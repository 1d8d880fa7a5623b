"""Undoing a paid order whole, before anything was shipped."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import record
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind
from tongdao.trade.aftersales.operations.giving_back import GivingBack, give_back
from tongdao.trade.aftersales.operations.giving_up import give_up_refunded
from tongdao.trade.aftersales.reasons import REASONS
from tongdao.trade.aftersales.refusals import AlreadyShipped, CancelReasonUnknown, OrderNotCancellable
from tongdao.trade.aftersales.standing import StandingLine, is_packed, reckon, standing_lines
from tongdao.trade.orders.events import OrderCancelled
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.states import ORDER

CANCEL_REASONS = REASONS[AfterSaleKind.CANCEL]
BY_BUYER = "buyer"  # what an order's `close_reason` says, whichever of these it was
GROUP_DISSOLVED = "group_dissolved"


def cancel_order(order_id: UUID, *, reason: str, actor: Actor) -> AfterSale:
    """Cancel a paid order of which nothing is packed: goods and offers are free, shares taken back, all money
    that has not gone back before is on its way.

    Doing it again returns the same case. Raises NotFound, CancelReasonUnknown, OrderNotCancellable or
    AlreadyShipped. Packing takes the same order lock, so exactly one of the two wins.
    """
    if reason not in CANCEL_REASONS:
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
        return AfterSale.objects.filter(order=order).latest("opened_at")
    if order.state != "paid":
        raise OrderNotCancellable(state=order.state)
    if is_packed(order_id):
        raise AlreadyShipped()
    return cancel_locked(order, reason, closed_as, actor, id=uuid7())


def cancel_locked(order: Order, reason: str, closed_as: str, actor: Actor, *, id: UUID) -> AfterSale:
    """Give back all that is left of a paid order of which nothing is packed. The caller holds its lock."""
    giving = end_order(order, standing_lines(order.id), reason, closed_as, actor, id=id)
    return give_back([giving], actor)[0].row


def end_order(
    order: Order, lines: Sequence[StandingLine], reason: str, closed_as: str, actor: Actor, *, id: UUID
) -> GivingBack:
    """The order is cancelled; what is to be given back of it."""
    backs = reckon(lines, {each.line.id: each.left for each in lines if each.left}, "rest")
    back_fen = sum(back.now.fen for back in backs)
    _end(
        order, closed_as, actor, refund_fen=back_fen, kept_fen=sum(line.left_fen for line in lines) - back_fen
    )
    return GivingBack(
        order,
        backs,
        id=id,
        kind=AfterSaleKind.CANCEL,
        reason=reason,
        refund_reason="cancelled" if closed_as == BY_BUYER else closed_as,
        whole=True,
    )


def end_unpacked(order_id: UUID) -> None:
    """A parcel of it came to nothing: units in it that were refunded stay here. Where nothing else is left of
    the order, that is its end. The caller holds its lock.
    """
    order = Order.objects.get(pk=order_id)
    if order.state != "paid":
        return
    give_up_refunded([order_id])
    lines = standing_lines(order_id)
    if not is_packed(order_id) and not any(line.left for line in lines):
        _end(order, BY_BUYER, SYSTEM, refund_fen=0, kept_fen=sum(line.left_fen for line in lines))


def _end(order: Order, closed_as: str, actor: Actor, *, refund_fen: int, kept_fen: int) -> None:
    """`kept_fen`: freight that staff chose to keep. Nothing else can happen to it, so it is due."""
    now = clock.now()
    release_at = now if kept_fen else None
    changes = {"closed_at": now, "close_reason": closed_as, "release_at": release_at}
    claim(ORDER, "paid", "cancelled", Order, [order.id], **changes)
    order.refresh_from_db()
    payload = OrderCancelled(person_id=order.person_id, refund_fen=refund_fen)
    record(payload, subject=order, actor=actor, reason=closed_as)
