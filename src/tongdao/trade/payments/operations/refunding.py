"""Money back: asked for in the transaction that owes it, sent by the worker, resolved by query, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from tongdao.finance.ledger.chart import BUYER_FUNDS, EXTERNAL_BUYER, REFUND_DUE
from tongdao.finance.ledger.operations import Draft, Line, post_transactions
from tongdao.foundation import clock, directory
from tongdao.foundation.actors import CHANNEL, Actor
from tongdao.foundation.events import record
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.events import RefundCompleted, RefundFailed, RefundRequested
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
from tongdao.trade.payments.refusals import RefundExceedsPaid
from tongdao.trade.payments.states import REFUND

log = logging.getLogger(__name__)
SLOWEST = timedelta(hours=1)
DUE = """
select merchant_id, id from refund
where state in ('requested', 'accepted') and check_at <= %s
order by row_number() over (partition by merchant_id order by check_at), check_at limit %s
"""


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
    try:
        with transaction.atomic():
            PaymentAttempt.objects.filter(pk=attempt.pk).update(refunded_fen=F("refunded_fen") + amount)
    except IntegrityError as error:
        raise RefundExceedsPaid(amount_fen=amount) from error
    now = clock.now()
    refund = Refund.objects.create(
        attempt=attempt,
        order=order,
        person_id=person_id,
        refund_no=uuid7().hex,
        amount_fen=amount,
        currency=attempt.currency,
        reason=reason,
        requested_at=now,
        check_at=now,
    )
    directory.register("refund_no", refund.refund_no, current_merchant(), refund.id)
    payload = RefundRequested(order_id=refund.order_id, person_id=person_id, amount_fen=amount)
    record(payload, subject=refund, actor=actor, reason=reason)
    return refund, _owed(refund)


def _owed(refund: Refund) -> Draft:
    return Draft(
        key=f"refund:{refund.id}",
        kind="refund",
        subject=refund.id,
        postings=[Line(BUYER_FUNDS, REFUND_DUE, Fen(refund.amount_fen))],
        currency=refund.currency,
    )


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


def record_refund(notice: RefundNotice, *, problem: str = "", actor: Actor) -> bool:
    """Take note of what the channel says of a refund; True when it told something new. In the open scope."""
    refund = Refund.objects.filter(refund_no=notice.refund_no).first()
    if refund is None:
        raise NotFound()
    lock_rows(Rank.REFUND, Refund, [refund.id])
    refund.refresh_from_db()
    if refund.state == "succeeded" or (refund.state == "failed" and notice.state != "succeeded"):
        return False
    if notice.state == "succeeded":
        return _succeeded(refund, notice, actor)
    if notice.state == "failed":
        return _failed(refund, problem, actor)
    if notice.state == "accepted" and refund.state == "requested":
        claim(REFUND, "requested", "accepted", Refund, [refund.id], channel_no=notice.channel_no)
    _ask_again(refund, problem)
    return notice.state == "accepted" and refund.state == "requested"


def _succeeded(refund: Refund, notice: RefundNotice, actor: Actor) -> bool:
    changes = {"succeeded_at": clock.now(), "channel_no": notice.channel_no, "problem": ""}
    if refund.state == "failed":  # somebody put it right at the channel itself
        claim(REFUND, "failed", "requested", Refund, [refund.id])
        refund.refresh_from_db()
    if refund.state == "requested":
        claim(REFUND, "requested", "succeeded", Refund, [refund.id], **changes)
    else:
        claim(REFUND, "accepted", "succeeded", Refund, [refund.id], **changes)
    paid_back = Draft(
        key=f"refunded:{refund.id}",
        kind="refunded",
        subject=refund.id,
        postings=[Line(REFUND_DUE, EXTERNAL_BUYER, Fen(refund.amount_fen))],
        currency=refund.currency,
    )
    post_transactions([paid_back], actor=actor)
    refund.refresh_from_db()
    payload = RefundCompleted(
        order_id=refund.order_id, person_id=refund.person_id, amount_fen=refund.amount_fen
    )
    record(payload, subject=refund, actor=actor)
    return True


def _failed(refund: Refund, problem: str, actor: Actor) -> bool:
    changes = {"problem": problem or "channel_failed"}
    if refund.state == "requested":
        claim(REFUND, "requested", "failed", Refund, [refund.id], **changes)
    else:
        claim(REFUND, "accepted", "failed", Refund, [refund.id], **changes)
    refund.refresh_from_db()
    payload = RefundFailed(order_id=refund.order_id, person_id=refund.person_id, amount_fen=refund.amount_fen)
    record(payload, subject=refund, actor=actor)
    return True


def _ask_again(refund: Refund, problem: str) -> None:
    """Later each time: 2 s, 4 s, 8 s … up to an hour."""
    wait = min(timedelta(seconds=2 ** min(refund.tries + 1, 12)), SLOWEST)
    Refund.objects.filter(pk=refund.pk).update(
        tries=F("tries") + 1, check_at=clock.now() + wait, problem=problem
    )


def retry_refund(refund_id: UUID, *, actor: Actor) -> None:
    """Staff looked and want it sent again; only a failed one can be."""
    lock_rows(Rank.REFUND, Refund, [refund_id])
    if not claim(REFUND, "failed", "requested", Refund, [refund_id], check_at=clock.now(), tries=0):
        raise NotFound()
    refund = Refund.objects.get(pk=refund_id)
    payload = RefundRequested(
        order_id=refund.order_id, person_id=refund.person_id, amount_fen=refund.amount_fen
    )
    record(payload, subject=refund, actor=actor, reason="retry")


def sweep_refunds(now: datetime, limit: int = 100) -> int:
    """Send and resolve what is due; returns how many were looked at."""
    return work_off(due_rows(DUE, now, limit), send_refund, "sending a refund")
