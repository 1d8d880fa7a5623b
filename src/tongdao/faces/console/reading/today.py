"""The few counts that say what a desk has to do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.inventory.models import Stock
from tongdao.terms.promotions.queries import waiting_seats
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.states import FOLLOWED


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


def to_ship() -> QuerySet[Order]:
    """Paid orders of which units are not packed yet, and that wait for no buying group."""
    left = Allocation.objects.filter(line__order_id=OuterRef("pk"), quantity__gt=F("packed") + F("cancelled"))
    waits = waiting_seats().filter(order_id=OuterRef("pk"))
    return Order.objects.filter(Exists(left), ~Exists(waits), state="paid")


def troubled() -> QuerySet[Parcel]:
    """Parcels that somebody should look at. One that has left and is only not followed is no trouble."""
    unfollowed = Q(problem="no_account", state__in=FOLLOWED)
    return Parcel.objects.exclude(problem="").exclude(state="delivered").exclude(unfollowed)


def sold_out() -> QuerySet[Sku]:
    """SKUs that are offered and of which nothing can be promised any more."""
    free = (
        Stock.objects.filter(sku_id=OuterRef("pk"))
        .order_by()
        .values("sku_id")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .values("free")
    )
    offered = Sku.objects.filter(saleable=True, product__published=True)
    return offered.annotate(free=Coalesce(Subquery(free), 0)).filter(free__lte=0)
