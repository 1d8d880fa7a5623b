"""The few counts that say what a desk has to do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from tongdao.faces.lists.standing import sold_out, to_ship, troubled
from tongdao.goods.catalog.models import Product
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund


@dataclass(frozen=True, slots=True)
class Today:
    """`refunds` is None for who does not see money; `ship_by` is the earliest promise among `to_ship`."""

    to_ship: int
    ship_by: datetime | None
    parcels: int
    refunds: int | None
    sold_out: int
    products: int
    orders_ever: bool

    @property
    def quiet(self) -> bool:
        return not (self.to_ship or self.parcels or self.refunds or self.sold_out)


def today(*, with_money: bool) -> Today:
    waiting = to_ship().aggregate(first=Min("ship_by"))
    return Today(
        to_ship=to_ship().count(),
        ship_by=waiting["first"],
        parcels=troubled().count(),
        refunds=Refund.objects.filter(state="failed").count() if with_money else None,
        sold_out=sold_out().count(),
        products=Product.objects.count(),
        orders_ever=Order.objects.exists(),
    )
