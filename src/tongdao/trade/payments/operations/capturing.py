"""Payments have arrived: once, late, twice or for nothing. Any number in one transaction, in the open scope.

The statements are as many for a batch as for one: locked, read, decided (`deciding.sort_out`), written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.finance.ledger.operations import Draft, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.events.recording import Row
from tongdao.foundation.following import Joint
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.orders.operations.paying import (
    PaidStep,
    Standing,
    StandingOrder,
    lock_purchases,
    mark_paid,
)
from tongdao.trade.payments.deciding import Outcome, StandingAttempt, sort_out
from tongdao.trade.payments.events import PaymentCaptured, PaymentMismatched
from tongdao.trade.payments.gateways import PaidNotice
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt
from tongdao.trade.payments.operations.booking import Share, capture_key, payment_draft, sale_draft
from tongdao.trade.payments.operations.refunding import Owed, open_refunds
from tongdao.trade.payments.states import ATTEMPT

__all__ = [
    "SELLING",
    "Outcome",
    "Selling",
    "SoldShare",
    "capture",
    "capture_key",
    "capture_many",
    "find_payments",
    "lock_payments",
    "settle_captures",
]

FIELDS = ("id", "trade_no", "purchase_id", "schedule_id", "state", "version", "amount_fen", "currency")
FIND = "select trade_no, id, purchase_id from payment_attempt where merchant_id = %s and trade_no = any(%s)"
# The locking statement gives each row as it is after the wait.
LOCK = f"""
select {", ".join(FIELDS)} from payment_attempt where merchant_id = %s and id = any(%s)
order by id for no key update
"""  # noqa: S608 constants
SHARES = """
select l.order_id, s.line_id, s.kind, s.beneficiary, s.amount_fen, s.id, l.paid_fen
from order_line l join waterfall_share s on s.merchant_id = l.merchant_id and s.line_id = l.id
where l.merchant_id = %s and l.order_id = any(%s) order by s.line_id, s.id
"""

Found = Mapping[str, tuple[UUID, UUID]]  # attempt and purchase, by trade number


@dataclass(frozen=True, slots=True)
class SoldShare:
    """A frozen share of a line that has now been paid for. `paid_fen`: for the line's goods."""

    order_id: UUID
    line_id: UUID
    kind: str
    beneficiary: UUID | None
    amount_fen: Fen
    share_id: UUID
    paid_fen: Fen


@dataclass(frozen=True, slots=True)
class Selling:
    """What a batch sells, and where rows are added that are to be written with it."""

    shares: Sequence[SoldShare]
    at: datetime
    together: Together


SELLING: Joint[Selling] = Joint()


@dataclass(frozen=True, slots=True)
class Payments:
    """What a batch of notices is about, as it stands under its locks: attempts by trade number, orders."""

    attempts: Mapping[str, StandingAttempt]
    orders: Standing


@dataclass(frozen=True, slots=True)
class Payment:
    """A notice, its attempt as it was before, and the request by which it came."""

    attempt: StandingAttempt
    amount: Fen
    notice: PaidNotice
    request: UUID | None


def capture(notice: PaidNotice, *, actor: Actor) -> Outcome:
    """Take note of a payment. Raises NotFound for a number that is not this merchant's.

    "refunded": the purchase wanted it no more (closed, or paid before), so it goes back by itself.
    "mismatched": another amount than was asked for; nothing is booked and staff are told by the event.
    """
    answer = capture_many([notice], actor=actor)[0]
    if isinstance(answer, NotFound):
        raise answer
    return answer


def capture_many(notices: Sequence[PaidNotice], *, actor: Actor) -> list[Outcome | NotFound]:
    """Take note of payments in the order given, each as if it came alone; the answers stand in that order."""
    answers, drafts = settle_captures(notices, lock_payments(find_payments(notices)), actor=actor)
    post_transactions(drafts, actor=actor)
    return answers


def find_payments(notices: Iterable[PaidNotice]) -> Found:
    """The attempts that the notices are about, by trade number; not locked yet."""
    rows = _rows(FIND, [notice.trade_no for notice in notices])
    return {trade_no: (id, purchase_id) for trade_no, id, purchase_id in rows}


def lock_payments(found: Found) -> Payments:
    """Lock the orders of the purchases that they pay for, then the attempts."""
    orders = lock_purchases(purchase_id for _, purchase_id in found.values())
    enter_rank(Rank.ATTEMPT)
    attempts = [StandingAttempt(*row) for row in _rows(LOCK, [id for id, _ in found.values()])]
    return Payments({attempt.trade_no: attempt for attempt in attempts}, orders)


def _rows(statement: str, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
    return execute_prepared(statement, [current_merchant(), keys]).fetchall() if keys else []


def settle_captures(
    notices: Sequence[PaidNotice],
    locked: Payments,
    *,
    actor: Actor,
    requests: Sequence[UUID | None] | None = None,
) -> tuple[list[Outcome | NotFound], list[Draft]]:
    """As `capture_many`, but what is to be posted is for the caller to post, together with its own.

    `requests`: the request by which each notice came, where another thread writes for it.
    """
    asked = requests or [None] * len(notices)
    found = sort_out(notices, locked.attempts)
    told = {
        position: _payment(notices[position], locked, asked[position])
        for position in sorted([*found.taken, *found.mismatched])
    }
    taken = {position: told[position] for position in found.taken}
    _claim(taken.values())
    record_many(_event(payment, actor) for payment in told.values())
    steps = [_step(taken[position]) for position in found.first.values()]
    paid = mark_paid(steps, locked.orders, actor=actor)
    sold = {found.first[purchase]: rows for purchase, rows in paid.items()}
    drafts = [_received(payment) for payment in taken.values()]
    drafts += sell({taken[position].attempt.id: rows for position, rows in sold.items()})
    unwanted = [payment for position, payment in taken.items() if position not in sold]
    drafts += give_back(unwanted, locked.orders, paid.keys(), actor)
    for position in taken:
        found.answers[position] = "captured" if position in sold else "refunded"
    return [found.answers[position] for position in range(len(notices))], drafts


def _payment(notice: PaidNotice, locked: Payments, request: UUID | None) -> Payment:
    return Payment(locked.attempts[notice.trade_no], notice.amount_fen or Fen(0), notice, request)


def _step(payment: Payment) -> PaidStep:
    attempt = payment.attempt
    paid_at = payment.notice.paid_at or clock.now()
    return PaidStep(attempt.purchase_id, attempt.schedule_id, paid_at, payment.request)


def _received(payment: Payment) -> Draft:
    return payment_draft(payment.attempt.id, payment.amount, payment.attempt.currency)


def _claim(taken: Iterable[Payment]) -> None:
    """From whatever state it was in: the channel's word counts."""
    by_state: dict[str, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    for payment in taken:
        by_state[payment.attempt.state][payment.attempt.id] = {
            "captured_fen": payment.amount,
            "captured_at": payment.notice.paid_at,
            "channel_no": payment.notice.channel_no,
        }
    claim(ATTEMPT, "open", "captured", PaymentAttempt, by_state["open"])
    claim(ATTEMPT, "created", "captured", PaymentAttempt, by_state["created"])
    claim(ATTEMPT, "closed", "captured", PaymentAttempt, by_state["closed"])


def _event(payment: Payment, actor: Actor) -> Row:
    """Taken or, where the amount is another one, for a person to look at."""
    attempt, told = payment.attempt, payment.amount
    captured = told == attempt.amount_fen
    payload: object = PaymentCaptured(purchase_id=attempt.purchase_id, captured_fen=told)
    if not captured:
        payload = PaymentMismatched(attempt.purchase_id, asked_fen=attempt.amount_fen, told_fen=told)
    subject = Subject("payment_attempt", attempt.id, attempt.version + captured)
    return as_row(payload, subject=subject, actor=actor, request=payment.request)


def sell(sold: Mapping[UUID, Sequence[StandingOrder]]) -> list[Draft]:
    """What the payments (by attempt) paid for: allocated to the orders, and shared out as agreed."""
    now, together = clock.now(), Together()
    for attempt, orders in sold.items():
        for order in orders:
            if order.total_fen:  # one that was free was paid for by nothing
                together.add(
                    PaymentAllocation,
                    attempt_id=attempt,
                    order_id=order.id,
                    amount_fen=order.total_fen,
                    at=now,
                )
    currencies = {order.id: order.currency for orders in sold.values() for order in orders}
    found = [SoldShare(*row) for row in _rows(SHARES, list(currencies))]
    SELLING(Selling(found, now, together))
    together.execute()
    shares: dict[UUID, list[Share]] = defaultdict(list)
    for one in found:
        shares[one.order_id].append((one.line_id, one.kind, one.beneficiary, one.amount_fen))
    return [sale_draft(id, currency, shares[id]) for id, currency in currencies.items() if id in shares]


def give_back(
    unwanted: Sequence[Payment], orders: Standing, sold: Iterable[UUID], actor: Actor
) -> list[Draft]:
    """Nobody waits for this money: it goes back at once, without anybody asking."""
    paid = {id for id, rows in orders.items() if any(row.state != "closed" for row in rows)} | set(sold)
    owed = [
        Owed(
            attempt_id=payment.attempt.id,
            currency=payment.attempt.currency,
            person_id=orders[payment.attempt.purchase_id][0].person_id,
            amount=payment.amount,
            reason="double_payment" if payment.attempt.purchase_id in paid else "late_payment",
            request=payment.request,
        )
        for payment in unwanted
    ]
    return [draft for _, draft in open_refunds(owed, actor=actor)]
