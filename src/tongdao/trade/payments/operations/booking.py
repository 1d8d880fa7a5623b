"""What is posted to the ledger for a payment and for the sale that it pays. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tongdao.finance.ledger.chart import BUYER_FUNDS, CHANNEL_FEE, EXTERNAL_BUYER, REFUND_DUE, AccountRef
from tongdao.finance.ledger.operations import Draft, Line
from tongdao.foundation.money import Fen
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.payments.models import Refund

Share = tuple[UUID, str, UUID | None, Fen]  # line, kind, beneficiary, amount


def payment_draft(attempt_id: UUID, amount: Fen, currency: str) -> Draft:
    """The money stands at the channel."""
    return Draft(
        key=f"payment:{attempt_id}",
        kind="payment",
        subject=attempt_id,
        postings=[Line(EXTERNAL_BUYER, BUYER_FUNDS, amount)],
        currency=currency,
    )


def sale_draft(order_id: UUID, currency: str, shares: Iterable[Share]) -> Draft:
    """One transaction an order, so that undoing one reverses exactly one: its waterfall, share by share."""
    return Draft(
        key=capture_key(order_id),
        kind="capture",
        subject=order_id,
        postings=[Line(BUYER_FUNDS, _earner(kind, who), amount, line) for line, kind, who, amount in shares],
        currency=currency,
    )


def capture_key(order_id: UUID) -> str:
    """The ledger key of an order's capture, which cancelling reverses."""
    return f"capture:{order_id}"


def _earner(kind: str, beneficiary: UUID | None) -> AccountRef:
    return CHANNEL_FEE if kind == ShareKind.CHANNEL_FEE else AccountRef(f"held.{kind}", beneficiary)


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
