"""What is posted to the ledger for a payment and for the sale that it pays. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tongdao.finance.ledger.chart import BUYER_FUNDS, CHANNEL_FEE, EXTERNAL_BUYER, REFUND_DUE, AccountRef
from tongdao.finance.ledger.operations import Draft, Line
from tongdao.foundation.money import Fen
from tongdao.trade.orders.models import Order, WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.payments.models import PaymentAttempt, Refund


def payment_draft(attempt: PaymentAttempt, amount: Fen) -> Draft:
    """The money stands at the channel."""
    return Draft(
        key=f"payment:{attempt.id}",
        kind="payment",
        subject=attempt.id,
        postings=[Line(EXTERNAL_BUYER, BUYER_FUNDS, amount)],
        currency=attempt.currency,
    )


def sale_draft(order: Order, shares: Iterable[WaterfallShare]) -> Draft:
    """One transaction an order, so that undoing one reverses exactly one: its waterfall, share by share."""
    return Draft(
        key=capture_key(order.id),
        kind="capture",
        subject=order.id,
        postings=[
            Line(BUYER_FUNDS, _earner(share), Fen(share.amount_fen), share.line_id) for share in shares
        ],
        currency=order.currency,
    )


def capture_key(order_id: UUID) -> str:
    """The ledger key of an order's capture, which cancelling reverses."""
    return f"capture:{order_id}"


def _earner(share: WaterfallShare) -> AccountRef:
    if share.kind == ShareKind.CHANNEL_FEE:
        return CHANNEL_FEE
    return AccountRef(f"held.{share.kind}", share.beneficiary)


def owed_draft(refund: Refund) -> Draft:
    """Promised to the buyer."""
    return Draft(
        key=f"refund:{refund.id}",
        kind="refund",
        subject=refund.id,
        postings=[Line(BUYER_FUNDS, REFUND_DUE, Fen(refund.amount_fen))],
        currency=refund.currency,
    )


def paid_back_draft(refund: Refund) -> Draft:
    """The buyer has it."""
    return Draft(
        key=f"refunded:{refund.id}",
        kind="refunded",
        subject=refund.id,
        postings=[Line(REFUND_DUE, EXTERNAL_BUYER, Fen(refund.amount_fen))],
        currency=refund.currency,
    )
