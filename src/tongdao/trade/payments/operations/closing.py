"""Closing what will not be paid: at the channel first, then the goods are free."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.operations import begin_close, finish_close
from tongdao.trade.orders.operations.closing import lock_purchase
from tongdao.trade.payments.gateways import Credentials, Gateway, GatewayRefused, gateway_for
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations.capturing import capture
from tongdao.trade.payments.states import ATTEMPT

log = logging.getLogger(__name__)
# One whose channel refuses is due again at once, so the rows of a merchant come in no fixed order.
DUE = """
select merchant_id, purchase_id from "order"
where state in ('placed', 'closing') and pay_by <= %s
group by merchant_id, purchase_id
order by row_number() over (partition by merchant_id order by random()) limit %s
"""


def close_purchase(merchant_id: UUID, purchase_id: UUID, *, reason: str, actor: Actor) -> bool:
    """Close a purchase that is not paid; True when it is closed. Opens its own scopes.

    False: it was paid in the meantime. Raises GatewayDown or GatewayRefused: it stays `closing` and the sweep
    goes on with it.
    """
    with merchant_scope(merchant_id):
        closing = begin_close(purchase_id, reason=reason, actor=actor)
        attempts = _unfinished(purchase_id) if closing else []
    for attempt, credentials in attempts:
        gateway = gateway_for(credentials)
        if _close_there(gateway, attempt) == "paid":
            notice = gateway.query(attempt.trade_no)
            with merchant_scope(merchant_id):
                capture(notice, actor=actor)
    with merchant_scope(merchant_id):
        lock_purchase(purchase_id)
        _close_attempts([attempt.id for attempt, _ in attempts])
        return bool(finish_close(purchase_id, actor=actor))


def _close_there(gateway: Gateway, attempt: PaymentAttempt) -> Literal["closed", "paid"]:
    """Close at the channel. One that refuses (revoked keys, say) is asked until its own expiry has passed:
    then nobody can pay there any more, and the goods need not wait. Should money come all the same, it goes
    back by itself.
    """
    try:
        return gateway.close(attempt.trade_no)
    except GatewayRefused as error:
        if clock.now() < attempt.expires_at:
            raise
        log.warning("attempt %s counts as closed, it has expired: %s", attempt.trade_no, error)
        return "closed"


def _unfinished(purchase_id: UUID) -> list[tuple[PaymentAttempt, Credentials]]:
    rows = PaymentAttempt.objects.select_related("account").filter(
        purchase_id=purchase_id, state__in=["created", "open"]
    )
    return [(row, Credentials.of(row.account)) for row in rows.order_by("id")]


def _close_attempts(ids: list[UUID]) -> None:
    lock_rows(Rank.ATTEMPT, PaymentAttempt, ids)
    claim(ATTEMPT, "open", "closed", PaymentAttempt, ids)
    claim(ATTEMPT, "created", "closed", PaymentAttempt, ids)


def sweep_unpaid(now: datetime, limit: int = 200) -> int:
    """Close what is past its deadline; returns how many were worked off. A channel that is down waits."""
    return work_off(due_rows(DUE, now, limit), _close_unpaid, "closing an unpaid purchase")


def _close_unpaid(merchant_id: UUID, purchase_id: UUID) -> None:
    try:
        close_purchase(merchant_id, purchase_id, reason="unpaid", actor=SYSTEM)
    except GatewayRefused as error:
        log.warning("purchase %s stays closing: %s", purchase_id, error)
