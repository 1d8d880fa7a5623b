"""Money back: asked for in the transaction that owes it, sent by the worker, resolved in `refunded`."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.finance.ledger.operations import Draft
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, Actor
from tongdao.foundation.bulk import Together, to_json
from tongdao.foundation.directory import register
from tongdao.foundation.events import as_row, record, record_many
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.models import DirectoryEntry
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.events import RefundRequested
from tongdao.trade.payments.gateways import (
    Credentials,
    Gateway,
    GatewayDown,
    GatewayRefused,
    RefundNotice,
    RefundTerms,
    gateway_for,
)
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations.attempts import notify_url
from tongdao.trade.payments.operations.booking import owed_draft
from tongdao.trade.payments.operations.refunded import CHANNEL_CLOSED, record_refund
from tongdao.trade.payments.refusals import RefundExceedsPaid
from tongdao.trade.payments.states import REFUND

log = logging.getLogger(__name__)
DUE = """
select merchant_id, id from refund
where state in ('requested', 'accepted') and check_at <= %s
order by row_number() over (partition by merchant_id order by check_at), check_at limit %s
"""
PROMISE = """
update payment_attempt a set refunded_fen = a.refunded_fen + p.fen
from jsonb_to_recordset(%s::jsonb) as p(id uuid, fen bigint)
where a.merchant_id = %s and a.id = p.id and a.captured_fen >= a.refunded_fen + p.fen
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to go back of a captured attempt; `order_id` None: it belongs to no order any more."""

    attempt_id: UUID
    currency: str
    person_id: UUID
    amount: Fen
    reason: str
    order_id: UUID | None = None
    request: UUID | None = None  # by which it came, where another thread writes for it


def open_refund(
    attempt: PaymentAttempt,
    *,
    order: Order | None,
    person_id: UUID,
    amount: Fen,
    reason: str,
    actor: Actor,
) -> tuple[Refund, Draft]:
    """Owe the buyer `amount` of a captured attempt; the worker sends it. Raises RefundExceedsPaid.

    The caller holds the locks of order and attempt, and posts the draft with its own: what puts the amount
    back into `buyer_funds` and what promises it to the buyer are one step.
    """
    owed = Owed(attempt.id, attempt.currency, person_id, amount, reason, order.id if order else None)
    return open_refunds([owed], actor=actor)[0]


def open_refunds(owed: Sequence[Owed], *, actor: Actor) -> list[tuple[Refund, Draft]]:
    """Any number of refunds, as `open_refund`: all of them or, where one exceeds what was paid, none."""
    if not owed:
        return []
    _promise(owed)
    now = clock.now()
    refunds = [_refund(one, now) for one in owed]
    together = Together()
    together.insert(refunds)
    for refund in refunds:  # its number is random, so nobody else has it; the unique key would say so
        together.add(
            DirectoryEntry,
            kind="refund_no",
            token=refund.refund_no,
            merchant_id=refund.merchant_id,
            target_id=refund.id,
        )
    together.execute()
    record_many(
        as_row(_asked(refund), subject=refund, actor=actor, reason=refund.reason, request=one.request)
        for one, refund in zip(owed, refunds, strict=True)
    )
    return [(refund, owed_draft(refund)) for refund in refunds]


def _promise(owed: Sequence[Owed]) -> None:
    """Count the amounts to their attempts, none beyond what was captured."""
    promised: Counter[UUID] = Counter()
    for one in owed:
        promised[one.attempt_id] += one.amount
    rows = to_json([{"id": id, "fen": fen} for id, fen in promised.items()])
    if execute_prepared(PROMISE, [rows, current_merchant()]).rowcount != len(promised):
        raise RefundExceedsPaid(amount_fen=sum(promised.values()))


def _refund(one: Owed, now: datetime) -> Refund:
    return Refund(
        attempt_id=one.attempt_id,
        order_id=one.order_id,
        person_id=one.person_id,
        refund_no=uuid7().hex,
        amount_fen=one.amount,
        currency=one.currency,
        reason=one.reason,
        requested_at=now,
        check_at=now,
    )


def _asked(refund: Refund) -> RefundRequested:
    return RefundRequested(order_id=refund.order_id, person_id=refund.person_id, amount_fen=refund.amount_fen)


def send_refund(merchant_id: UUID, refund_id: UUID) -> None:
    """Tell the channel, or ask it what became of it. Opens its own scopes; safe to repeat at any point.

    Raises GatewayDown, after putting the next try off.
    """
    with merchant_scope(merchant_id):
        refund = Refund.objects.select_related("attempt__account").get(pk=refund_id)
        credentials = Credentials.of(refund.attempt.account)
        terms = RefundTerms(
            refund_no=refund.refund_no,
            trade_no=refund.attempt.trade_no,
            amount_fen=Fen(refund.amount_fen),
            total_fen=Fen(refund.attempt.captured_fen or 0),
            notify_url=notify_url(credentials),
        )
    unknown = RefundNotice(refund.refund_no, "unknown")
    try:
        notice, problem = _tell(gateway_for(credentials), terms, refund.state), ""
    except GatewayRefused as error:
        log.warning("refund %s waits: %s", refund.refund_no, error)
        notice, problem = unknown, error.code
    except GatewayDown:
        with merchant_scope(merchant_id):
            record_refund(unknown, problem="unreachable", actor=CHANNEL)
        raise
    with merchant_scope(merchant_id):
        record_refund(notice, problem=problem, actor=CHANNEL)


def _tell(gateway: Gateway, terms: RefundTerms, state: str) -> RefundNotice:
    """A refund that the channel has is asked about; repeating the request itself would be as safe."""
    return gateway.refund(terms) if state == "requested" else gateway.query_refund(terms.refund_no)


def retry_refund(refund_id: UUID, *, actor: Actor) -> None:
    """Staff looked and want it sent again; only a failed one can be. Raises NotFound.

    Under the number that it has, so that the channel pays it once; under another one where the channel has
    closed it, as nothing can come of that number any more.
    """
    lock_rows(Rank.REFUND, Refund, [refund_id])
    refund = Refund.objects.filter(pk=refund_id).first()
    changes = {"check_at": clock.now(), "tries": 0, "problem": ""}
    anew = {"refund_no": uuid7().hex} if refund and refund.problem == CHANNEL_CLOSED else {}
    if not claim(REFUND, "failed", "requested", Refund, [refund_id], **changes, **anew):
        raise NotFound()
    refund = Refund.objects.get(pk=refund_id)
    if anew:
        register("refund_no", refund.refund_no, refund.merchant_id, refund.id)
    record(_asked(refund), subject=refund, actor=actor, reason="retry")


def sweep_refunds(now: datetime, limit: int = 100) -> int:
    """Send and resolve what is due; returns how many were looked at."""
    return work_off(due_rows(DUE, now, limit), send_refund, "sending a refund")
