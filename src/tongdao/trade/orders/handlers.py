"""What this room does on news from below: a buying group that formed begins the time to ship its orders."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation.events import Event, Intent, add_intent, delivery, reactor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.operations.promising import promise_shipping


@reactor("orders.forming", events=["buying_group.formed"])
def ship_from_forming(batch: list[Event]) -> None:
    """Not in the payment that filled the group: it may not lock the other buyers' orders any more."""
    for event in batch:
        for order_id in event.payload["order_ids"]:
            payload = {"formed_at": event.at}
            add_intent(event, target=order_id, kind="orders.ship_from_forming", payload=payload)


@delivery("orders.ship_from_forming")
def start_shipping_time(intent: Intent) -> None:
    """May run twice for one order; the second time changes nothing."""
    formed_at = datetime.fromisoformat(intent.payload["formed_at"])
    with merchant_scope(intent.merchant_id):
        promise_shipping(UUID(intent.target), formed_at)
