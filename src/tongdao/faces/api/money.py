"""A merchant's books, read from the postings themselves."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call
from tongdao.faces.api.operation import operation
from tongdao.finance.ledger.queries import TransactionView, transactions_of, trial_balance
from tongdao.foundation.refusals import NotFound
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAttempt, Refund

router = Router(tags=["money"])


class TrialRowOut(Schema):
    account: str
    currency: str
    debit_fen: int = Field(description="What it gave")
    credit_fen: int = Field(description="What it received")
    balance_fen: int


class PostingOut(Schema):
    source: str
    destination: str
    amount_fen: int
    line_id: UUID | None


class TransactionOut(Schema):
    transaction_id: UUID
    kind: str
    subject_id: UUID
    reverses_id: UUID | None
    at: datetime
    booked_on: date
    currency: str
    postings: list[PostingOut]


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/ledger/trial-balance",
    need="money.read",
    answer=list[TrialRowOut],
)
def read_trial_balance(request: Call, merchant_id: UUID, on: date | None = None) -> list[TrialRowOut]:
    """Every account, up to and including the day `on`. The balances sum to zero."""
    return [
        TrialRowOut(
            account=row.account.code,
            currency=row.currency,
            debit_fen=row.debit,
            credit_fen=row.credit,
            balance_fen=row.balance,
        )
        for row in trial_balance(on)
    ]


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/ledger/orders/{order_id}",
    need="money.read",
    answer=list[TransactionOut],
)
def read_order_ledger(request: Call, merchant_id: UUID, order_id: UUID) -> list[TransactionOut]:
    """What was posted about an order, its payments and its refunds, oldest first."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    attempts = PaymentAttempt.objects.filter(purchase_id=order.purchase_id)
    subjects = [
        order.id,
        *attempts.values_list("id", flat=True),
        *Refund.objects.filter(attempt__purchase_id=order.purchase_id).values_list("id", flat=True),
    ]
    return _sorted(view for subject in subjects for view in transactions_of(subject))


def _sorted(views: Iterable[TransactionView]) -> list[TransactionOut]:
    return [_transaction(view) for view in sorted(views, key=lambda view: (view.at, view.id))]


def _transaction(view: TransactionView) -> TransactionOut:
    return TransactionOut(
        transaction_id=view.id,
        kind=view.kind,
        subject_id=view.subject,
        reverses_id=view.reverses,
        at=view.at,
        booked_on=view.booked_on,
        currency=view.currency,
        postings=[
            PostingOut(
                source=each.source.code,
                destination=each.destination.code,
                amount_fen=each.amount,
                line_id=each.reference,
            )
            for each in view.postings
        ],
    )
