"""What this room does on news from below: a buying group that formed begins the time to ship its orders, and
a buyer's two accounts that became one have one cart.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation.events import Event, Intent, add_intent, delivery, reactor
from tongdao.foundation.following import follow
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.merging import MERGED
from tongdao.party.members.models import Member, MemberMerge
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.operations.cart import set_cart_line
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


@follow(MERGED)
def bring_cart(news_id: UUID) -> None:
    """What the other account had put into the cart goes along; it stays there too, in case of an undoing."""
    news = MemberMerge.objects.get(pk=news_id)
    other = Member.objects.get(pk=news.other_id)
    for line in CartLine.objects.filter(person_id=other.person_id).order_by("added_at", "id"):
        try:
            set_cart_line(news.person_id, line.sku_id, line.quantity, add=True)
        except Refusal:  # no longer sold, or more than fits: the rest goes along
            continue
