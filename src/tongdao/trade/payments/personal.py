"""Money that moved stands in the books of the merchant, without a name."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.hooks import register
from tongdao.foundation.personal import ERASE, holds
from tongdao.foundation.tenancy import person_scope
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.refusals import RefundsUnderWay

BOOKS = ("retention.accounting", "retention.tax_papers", "retention.trade_records")


@register(ERASE)
def waits_for_money(person_id: UUID) -> RefundsUnderWay | None:
    """Money on its way back needs somebody to come back to."""
    with person_scope(person_id):
        count = Refund.objects.exclude(state="succeeded").count()
    return RefundsUnderWay(count=count) if count else None


holds(
    PaymentAttempt,
    "kept",
    person="purchase__person_id",
    shows=("trade_no", "amount_fen", "currency", "state", "created_at", "captured_at", "channel_no"),
    laws=BOOKS,
    since="captured_at",
)
holds(
    Refund,
    "kept",
    shows=("refund_no", "amount_fen", "currency", "reason", "state", "requested_at", "succeeded_at"),
    laws=BOOKS,
    since="succeeded_at",
)
