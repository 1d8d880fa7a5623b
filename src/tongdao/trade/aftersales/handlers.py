"""What this room does on news from below: a refund that is paid back settles its cases, what the carrier
handed over is looked at, and refunded units of a parcel that came to nothing are not shipped.
"""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Event, Intent, add_intent, delivery, reactor
from tongdao.foundation.following import follow
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.operations import settle_cases
from tongdao.trade.aftersales.operations.cancelling import end_unpacked
from tongdao.trade.aftersales.operations.sending_back import return_signed
from tongdao.trade.shipping.operations.booking import UNPACKED


@reactor("aftersales.settling", events=["refund.completed"])
def settle_on_refund(batch: list[Event]) -> None:
    for event in batch:
        add_intent(event, target=event.subject_id, kind="aftersales.settle")


@delivery("aftersales.settle")
def settle(intent: Intent) -> None:
    """May run twice for one refund; the state is claimed once."""
    with merchant_scope(intent.merchant_id):
        settle_cases(UUID(intent.target), actor=SYSTEM)


@reactor("aftersales.returns", events=["return_parcel.delivered"])
def sign_on_delivery(batch: list[Event]) -> None:
    for event in batch:
        add_intent(event, target=event.subject_id, kind="aftersales.return_signed")


@delivery("aftersales.return_signed")
def sign(intent: Intent) -> None:
    """May run twice for one parcel; each case is told once."""
    with merchant_scope(intent.merchant_id):
        return_signed(UUID(intent.target))


follow(UNPACKED)(end_unpacked)
