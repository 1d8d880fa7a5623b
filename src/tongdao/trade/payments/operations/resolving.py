"""Asking the channel what became of a payment, when its notification is late or lost."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.gateways import (
    Credentials,
    Gateway,
    GatewayDown,
    GatewayRefused,
    PaidNotice,
    gateway_for,
)
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations.capturing import capture
from tongdao.trade.payments.states import ATTEMPT

log = logging.getLogger(__name__)
SOONEST = timedelta(seconds=5)
DUE = """
select merchant_id, id from payment_attempt
where state in ('created', 'open') and check_at <= %s
order by row_number() over (partition by merchant_id order by check_at), check_at limit %s
"""


def refresh_purchase(merchant_id: UUID, purchase_id: UUID) -> None:
    """The buyer is back from the payment page: ask the channel now instead of waiting for it to tell."""
    with merchant_scope(merchant_id):
        ids = list(
            PaymentAttempt.objects.filter(purchase_id=purchase_id, state="open").values_list("id", flat=True)
        )
    try:
        for id in ids:
            resolve_attempt(merchant_id, id)
    except GatewayDown as error:
        log.warning("purchase %s waits for the channel's word: %s", purchase_id, error)


def resolve_attempt(merchant_id: UUID, attempt_id: UUID) -> None:
    """Ask about one attempt and act on the answer. Opens its own scopes; safe to repeat at any point.

    Raises GatewayDown, after putting the next look off.
    """
    with merchant_scope(merchant_id):
        attempt = PaymentAttempt.objects.select_related("account").get(pk=attempt_id)
        wanted = Order.objects.filter(
            purchase_id=attempt.purchase_id, state__in=["placed", "closing"]
        ).exists()
        credentials = Credentials.of(attempt.account)
    if attempt.state not in ("created", "open"):
        return
    unknown = PaidNotice(attempt.trade_no, "unknown")
    try:
        notice = _ask(gateway_for(credentials), attempt.trade_no, wanted=wanted)
    except GatewayRefused as error:
        log.warning("attempt %s waits: %s", attempt.trade_no, error)
        notice = unknown
    except GatewayDown:
        with merchant_scope(merchant_id):
            _act(attempt, unknown)
        raise
    with merchant_scope(merchant_id):
        _act(attempt, notice)


def _ask(gateway: Gateway, trade_no: str, *, wanted: bool) -> PaidNotice:
    """An attempt that nobody waits for is closed at the channel, so that it cannot be paid any more: also one
    that the channel does not know, for a call that is still on its way may yet make it known.
    """
    notice = gateway.query(trade_no)
    if notice.state in ("open", "unknown") and not wanted and gateway.close(trade_no) == "closed":
        return PaidNotice(trade_no, "closed")
    return notice


def _act(attempt: PaymentAttempt, notice: PaidNotice) -> None:
    if notice.state == "paid" and capture(notice, actor=CHANNEL) != "mismatched":
        return
    lock_rows(Rank.ATTEMPT, PaymentAttempt, [attempt.id])
    now = clock.now()
    if notice.state == "closed":
        claim(ATTEMPT, "open", "closed", PaymentAttempt, [attempt.id])
        claim(ATTEMPT, "created", "closed", PaymentAttempt, [attempt.id])
        return
    # Half as often as it is old: 5 s after opening every 5 s, after an hour every half hour.
    wait = max(SOONEST, (now - attempt.created_at) / 2)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(check_at=now + wait)


def sweep_attempts(now: datetime, limit: int = 100) -> int:
    """Resolve what is due; returns how many were looked at."""
    return work_off(due_rows(DUE, now, limit), resolve_attempt, "resolving a payment")
