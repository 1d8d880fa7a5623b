"""Until when an order is to be shipped, where that is not counted from its payment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.locks import Rank, lock_rows
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.promises import PROMISES


def promise_shipping(order_id: UUID, since: datetime) -> None:
    """The time to ship runs from `since`: its buying group has formed. Again changes nothing."""
    lock_rows(Rank.ORDER, Order, [order_id])
    until = since + timedelta(hours=PROMISES["ship_hours"])
    Order.objects.filter(pk=order_id, state="paid").update(ship_by=until)
