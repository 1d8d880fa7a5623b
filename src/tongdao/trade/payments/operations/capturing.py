"""Payments have arrived: once, late, twice or for nothing. Any number in one transaction, in the open scope.

The statements are as many for a batch as for one: locked, read, decided (`deciding.sort_out`), written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.finance.ledger.operations import Draft, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.trade.orders.models import Order, Purchase, WaterfallShare
from tongdao.trade.orders.operations.paying import lock_purchases, mark_paid
from tongdao.trade.payments.deciding import Outcome, sort_out
from tongdao.trade.payments.events import PaymentCaptured, PaymentMismatched
from tongdao.trade.payments.gateways import PaidNotice
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt
from tongdao.trade.payments.operations.booking import capture_key, payment_draft, sale_draft
from tongdao.trade.payments.operations.refunding import Owed, open_refunds
from tongdao.trade.payments.states import ATTEMPT

__all__ = ["Outcome", "capture", "capture_key", "capture_many", "settle_captures"]


@dataclass(frozen=True, slots=True)
class Payment:
    """A notice that is believed, and its attempt as it was before."""

    attempt: PaymentAttempt
    amount: Fen
    notice: PaidNotice


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
    answers, drafts = settle_captures(notices, actor=actor)
    post_transactions(drafts, actor=actor)
    return answers


def settle_captures(
    notices: Sequence[PaidNotice], *, actor: Actor
) -> tuple[list[Outcome | NotFound], list[Draft]]:
    """As `capture_many`, but what is to be posted is for the caller to post, together with its own."""
    attempts = _lock(notices)
    found = sort_out(notices, attempts)
    taken = {position: _payment(notices[position], attempts) for position in found.taken}
    _claim(taken.values())
    _tell(found.mismatched, taken, notices, attempts, actor)
    paid_at = {
        purchase: taken[position].notice.paid_at or clock.now() for purchase, position in found.first.items()
    }
    orders = mark_paid(paid_at, actor=actor)
    sold = {found.first[purchase]: rows for purchase, rows in orders.items()}
    drafts = [payment_draft(payment.attempt, payment.amount) for payment in taken.values()]
    drafts += _sell({taken[position].attempt.id: rows for position, rows in sold.items()})
    drafts += _give_back([payment for position, payment in taken.items() if position not in sold], actor)
    for position in taken:
        found.answers[position] = "captured" if position in sold else "refunded"
    return [found.answers[position] for position in range(len(notices))], drafts


def _lock(notices: Sequence[PaidNotice]) -> dict[str, PaymentAttempt]:
    """The attempts by trade number, read when their purchases' orders and they themselves are locked."""
    numbers = {notice.trade_no for notice in notices}
    rows = dict(PaymentAttempt.objects.filter(trade_no__in=numbers).values_list("id", "purchase_id"))
    lock_purchases(rows.values())
    ids = lock_rows(Rank.ATTEMPT, PaymentAttempt, rows)
    return {row.trade_no: row for row in PaymentAttempt.objects.filter(pk__in=ids)}


def _payment(notice: PaidNotice, attempts: Mapping[str, PaymentAttempt]) -> Payment:
    return Payment(attempts[notice.trade_no], notice.amount_fen or Fen(0), notice)


def _claim(taken: Iterable[Payment]) -> None:
    """From whatever state it was in: the channel's word counts."""
    changes = {
        payment.attempt.id: {
            "captured_fen": payment.amount,
            "captured_at": payment.notice.paid_at,
            "channel_no": payment.notice.channel_no,
        }
        for payment in taken
    }
    left = changes.keys() - set(claim(ATTEMPT, "open", "captured", PaymentAttempt, changes))
    left -= set(claim(ATTEMPT, "created", "captured", PaymentAttempt, {id: changes[id] for id in left}))
    claim(ATTEMPT, "closed", "captured", PaymentAttempt, {id: changes[id] for id in left})


def _tell(
    mismatched: Sequence[int],
    taken: Mapping[int, Payment],
    notices: Sequence[PaidNotice],
    attempts: Mapping[str, PaymentAttempt],
    actor: Actor,
) -> None:
    """One event a payment that is taken or does not match, in the order of their arrival."""
    rows = []
    for position in sorted([*mismatched, *taken]):
        attempt, told = attempts[notices[position].trade_no], notices[position].amount_fen or 0
        subject = Subject("payment_attempt", attempt.id, attempt.version + (position in taken))
        payload: object = PaymentMismatched(attempt.purchase_id, attempt.amount_fen, told)
        if position in taken:
            payload = PaymentCaptured(purchase_id=attempt.purchase_id, captured_fen=told)
        rows.append(as_row(payload, subject=subject, actor=actor))
    record_many(rows)


def _sell(sold: Mapping[UUID, Sequence[Order]]) -> list[Draft]:
    """What the payments (by attempt) paid for: allocated to the orders, and shared out as agreed."""
    now, together = clock.now(), Together()
    together.insert(
        [
            PaymentAllocation(attempt_id=attempt, order=order, amount_fen=order.total_fen, at=now)
            for attempt, orders in sold.items()
            for order in orders
            if order.total_fen  # one that was free was paid for by nothing
        ]
    )
    together.execute()
    orders = [order for rows in sold.values() for order in rows]
    shares = _shares(orders)
    return [sale_draft(order, shares[order.id]) for order in orders if order.id in shares]


def _shares(orders: Sequence[Order]) -> Mapping[UUID, list[WaterfallShare]]:
    found: dict[UUID, list[WaterfallShare]] = defaultdict(list)
    rows = WaterfallShare.objects.filter(line__order__in=orders).order_by("line_id", "id")
    for share in rows.select_related("line") if orders else ():
        found[share.line.order_id].append(share)
    return found


def _give_back(unwanted: Sequence[Payment], actor: Actor) -> list[Draft]:
    """Nobody waits for this money: it goes back at once, without anybody asking."""
    if not unwanted:
        return []
    purchases = {payment.attempt.purchase_id for payment in unwanted}
    live = Order.objects.filter(purchase_id__in=purchases).exclude(state="closed")
    paid = set(live.values_list("purchase_id", flat=True))
    persons = dict(Purchase.objects.filter(pk__in=purchases).values_list("id", "person_id"))
    owed = [
        Owed(
            attempt=payment.attempt,
            person_id=persons[payment.attempt.purchase_id],
            amount=payment.amount,
            reason="double_payment" if payment.attempt.purchase_id in paid else "late_payment",
        )
        for payment in unwanted
    ]
    return [draft for _, draft in open_refunds(owed, actor=actor)]
