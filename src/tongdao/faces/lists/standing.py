"""What of orders, parcels and goods needs somebody: conditions that lists and counts share."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tongdao.goods.catalog.models import Sku
from tongdao.goods.inventory.models import Stock
from tongdao.terms.promotions.queries import waiting_seats
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.states import FOLLOWED


def unpacked() -> Q:
    """Of paid orders: units are not packed yet, and it waits for no buying group."""
    left = Allocation.objects.filter(line__order_id=OuterRef("pk"), quantity__gt=F("packed") + F("cancelled"))
    waits = waiting_seats().filter(order_id=OuterRef("pk"))
    return Q(Exists(left), ~Exists(waits), state="paid")


def to_ship() -> QuerySet[Order]:
    """Paid orders of which units are not packed yet, and that wait for no buying group."""
    return Order.objects.filter(unpacked())


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
