"""A payment has arrived: once, late, twice or for nothing. One transaction, in the open scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from tongdao.finance.ledger.chart import BUYER_FUNDS, CHANNEL_FEE, EXTERNAL_BUYER, AccountRef
from tongdao.finance.ledger.operations import Draft, Line, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.trade.orders.models import Order, Purchase, WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.orders.operations import mark_paid
from tongdao.trade.orders.operations.closing import lock_purchase
from tongdao.trade.payments.events import PaymentCaptured, PaymentMismatched
from tongdao.trade.payments.gateways import PaidNotice
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt
from tongdao.trade.payments.operations.refunding import open_refund
from tongdao.trade.payments.states import ATTEMPT

Outcome = Literal["captured", "repeated", "refunded", "mismatched"]


def capture(notice: PaidNotice, *, actor: Actor) -> Outcome:
    """Take note of a payment. Raises NotFound for a number that is not this merchant's.

    "refunded": the purchase wanted it no more (closed, or paid before), so it goes back by itself.
    "mismatched": another amount than was asked for; nothing is booked and staff are told by the event.
    """
    attempt = PaymentAttempt.objects.filter(trade_no=notice.trade_no).first()
    if attempt is None or notice.amount_fen is None or notice.paid_at is None:
        raise NotFound()
    lock_purchase(attempt.purchase_id)
    lock_rows(Rank.ATTEMPT, PaymentAttempt, [attempt.id])
    attempt.refresh_from_db()
    if attempt.state == "captured":
        return "repeated"
    if notice.amount_fen != attempt.amount_fen:
        return _mismatch(attempt, notice.amount_fen, actor)
    _claim(attempt, notice)
    payload = PaymentCaptured(purchase_id=attempt.purchase_id, captured_fen=notice.amount_fen)
    record(payload, subject=attempt, actor=actor)
    orders = mark_paid(attempt.purchase_id, paid_at=notice.paid_at, actor=actor)
    if not orders:
        post_transactions([_payment(attempt), _give_back(attempt, actor)], actor=actor)
        return "refunded"
    _allocate(attempt, orders)
    post_transactions([_payment(attempt), *_sales(orders)], actor=actor)
    return "captured"


def _mismatch(attempt: PaymentAttempt, told: Fen, actor: Actor) -> Outcome:
    payload = PaymentMismatched(purchase_id=attempt.purchase_id, asked_fen=attempt.amount_fen, told_fen=told)
    record(payload, subject=attempt, actor=actor)
    return "mismatched"


def _claim(attempt: PaymentAttempt, notice: PaidNotice) -> None:
    """From whatever state it was in: the channel's word counts."""
    changes = {
        "captured_fen": notice.amount_fen,
        "captured_at": notice.paid_at,
        "channel_no": notice.channel_no,
    }
    if attempt.state == "open":
        claim(ATTEMPT, "open", "captured", PaymentAttempt, [attempt.id], **changes)
    elif attempt.state == "created":
        claim(ATTEMPT, "created", "captured", PaymentAttempt, [attempt.id], **changes)
    else:
        claim(ATTEMPT, "closed", "captured", PaymentAttempt, [attempt.id], **changes)
    attempt.refresh_from_db()


def _payment(attempt: PaymentAttempt) -> Draft:
    """The money stands at the channel."""
    return Draft(
        key=f"payment:{attempt.id}",
        kind="payment",
        subject=attempt.id,
        postings=[Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(attempt.captured_fen or 0))],
        currency=attempt.currency,
    )


def _sales(orders: Sequence[Order]) -> list[Draft]:
    """One transaction an order, so that undoing one reverses exactly one: its waterfall, share by share."""
    shares: dict[UUID, list[Line]] = {order.id: [] for order in orders}
    rows = WaterfallShare.objects.filter(line__order__in=orders).order_by("line_id", "id")
    for share in rows.select_related("line"):
        target = (
            CHANNEL_FEE
            if share.kind == ShareKind.CHANNEL_FEE
            else AccountRef(f"held.{share.kind}", share.beneficiary)
        )
        line = Line(BUYER_FUNDS, target, Fen(share.amount_fen), share.line_id)
        shares[share.line.order_id].append(line)
    return [
        Draft(
            key=capture_key(order.id),
            kind="capture",
            subject=order.id,
            postings=shares[order.id],
            currency=order.currency,
        )
        for order in orders
    ]


def capture_key(order_id: UUID) -> str:
    """The ledger key of an order's capture, which cancelling reverses."""
    return f"capture:{order_id}"


def _allocate(attempt: PaymentAttempt, orders: Sequence[Order]) -> None:
    now = clock.now()
    PaymentAllocation.objects.bulk_create(
        PaymentAllocation(attempt=attempt, order=order, amount_fen=order.total_fen, at=now)
        for order in orders
    )


def _give_back(attempt: PaymentAttempt, actor: Actor) -> Draft:
    """Nobody waits for this money: it goes back at once, without anybody asking."""
    paid = Order.objects.filter(purchase_id=attempt.purchase_id).exclude(state="closed").exists()
    person = Purchase.objects.values_list("person_id", flat=True).get(pk=attempt.purchase_id)
    _, owed = open_refund(
        attempt,
        order=None,
        person_id=person,
        amount=Fen(attempt.captured_fen or 0),
        reason="double_payment" if paid else "late_payment",
        actor=actor,
    )
    return owed
