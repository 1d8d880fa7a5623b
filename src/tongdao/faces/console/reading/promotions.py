"""What a promotion is about, and what came of it: goods, days, orders, groups, history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Sum

from tongdao.faces.console.effects import Goods
from tongdao.faces.console.reading.paging import Place, slice_of
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.reading.record import Told
from tongdao.foundation.clock import BEIJING, beijing_day, day_begins
from tongdao.foundation.events import Event
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.queries import lowest_price_before
from tongdao.goods.inventory.models import Stock
from tongdao.rulebook import trade
from tongdao.terms.promotions.models import Group, PromotionUse
from tongdao.terms.promotions.queries import PromotionRow
from tongdao.trade.orders.models import Order

DAYS = 14
ORDERS = 20
TOLD = ("promotion.created", "promotion.changed", "promotion.stopped")
# The key of a use begins with its time, so a stretch of time is a stretch of the primary key.
DAILY = """
select (uuid_extract_timestamp(id) at time zone %s)::date as day, sum(units), sum(off_fen)
from promotion_use where merchant_id = %s and promotion_id = %s and state = 'held' and id >= %s
group by day
"""


def goods_of(row: PromotionRow, now: datetime) -> Goods:
    """With the prices that its preview and its record name."""
    products = Product.objects.filter(pk__in=row.product_ids).order_by("title", "id")
    titles = tuple(products.values_list("title", flat=True)) if row.product_ids else ()
    if row.sku_id is None:
        return Goods(products=titles)
    sku = Sku.objects.select_related("product").get(pk=row.sku_id)
    days = trade.PRICE_BASE_DAYS.on(now)
    begun = min(row.starts_at, now)
    free = Stock.objects.filter(sku=sku).aggregate(free=Sum(F("on_hand") - F("reserved")))["free"]
    base = lowest_price_before(sku.id, since=begun - timedelta(days=days), until=begun)
    return Goods(
        name=sku_name(sku),
        price_fen=Fen(sku.price_fen),
        base_fen=base if base is not None else Fen(sku.price_fen),
        base_days=days,
        free=max(int(free or 0), 0),
        products=titles,
    )


def sku_name(sku: Sku) -> str:
    """Product and options: the words by which the desk knows it."""
    return " · ".join([sku.product.title, *(str(value) for value in sku.option_values)])


def goods_names(rows: Collection[PromotionRow]) -> dict[UUID, str]:
    """By promotion: its SKU's name, where it is about one."""
    wanted = {row.sku_id for row in rows if row.sku_id}
    skus = {sku.id: sku for sku in Sku.objects.select_related("product").filter(pk__in=wanted)}
    return {row.id: sku_name(skus[row.sku_id]) for row in rows if row.sku_id in skus}


@dataclass(frozen=True, slots=True)
class Days:
    """Pairs (day, figure) for the kit's charts, the oldest first: units or uses held, and fen saved."""

    units: list[tuple[str, int]]
    given: list[tuple[str, int]]


def days_of(row: PromotionRow, now: datetime) -> Days:
    """The last DAYS days of its time, also those before its start; by the orders that still hold it."""
    last = beijing_day(min(row.stopped_at or row.ends_at, now))
    first = last - timedelta(days=DAYS - 1)
    begin = day_begins(first)
    with connection.cursor() as cursor:
        cursor.execute(DAILY, [BEIJING.key, current_merchant(), row.id, _first_key(begin)])
        found: dict[date, tuple[int, int]] = {day: (int(u), int(fen)) for day, u, fen in cursor.fetchall()}
    days = [first + timedelta(days=ahead) for ahead in range(DAYS)]
    return Days(
        [(f"{day:%m-%d}", found.get(day, (0, 0))[0]) for day in days],
        [(f"{day:%m-%d}", found.get(day, (0, 0))[1]) for day in days],
    )


def _first_key(at: datetime) -> UUID:
    """The smallest version 7 UUID of that moment."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


@dataclass(frozen=True, slots=True)
class HeldBy:
    """An order with what it holds of a promotion, or held (`returned`)."""

    order_id: UUID
    number: str
    state: str
    units: int
    off_fen: Fen
    placed_at: datetime
    returned: bool


@dataclass(frozen=True, slots=True)
class HeldPage:
    rows: Sequence[HeldBy]
    first: UUID | None
    last: UUID | None
    newer: bool
    older: bool


def orders_page(promotion_id: UUID, place: Place) -> HeldPage:
    """The orders that used it, the newest first. A place is the id of a use."""
    found = slice_of(PromotionUse.objects.filter(promotion_id=promotion_id), place, size=ORDERS)
    orders = {order.id: order for order in Order.objects.filter(pk__in=[u.order_id for u in found.rows])}
    rows = [
        HeldBy(
            order_id=use.order_id,
            number=orders[use.order_id].number,
            state=orders[use.order_id].state,
            units=use.units,
            off_fen=Fen(use.off_fen),
            placed_at=orders[use.order_id].placed_at,
            returned=use.state == "returned",
        )
        for use in found.rows
        if use.order_id in orders
    ]
    ids = [use.id for use in found.rows]
    return HeldPage(rows, ids[0] if ids else None, ids[-1] if ids else None, found.newer, found.older)


@dataclass(frozen=True, slots=True)
class Groups:
    """How many groups of a promotion are in each state; `seats` are paid in the open ones."""

    open: int
    formed: int
    dissolved: int
    seats: int


def groups_of(promotion_id: UUID) -> Groups:
    rows = Group.objects.filter(promotion_id=promotion_id).values("state")
    counted = rows.annotate(many=Count("id"), seats=Sum("paid")).order_by("state")
    many = {row["state"]: row["many"] for row in counted}
    seats = {row["state"]: int(row["seats"]) for row in counted}
    return Groups(many.get("open", 0), many.get("formed", 0), many.get("dissolved", 0), seats.get("open", 0))


def history_of(promotion_id: UUID) -> list[Told]:
    """What staff did with it, the oldest first. What orders gave back stands with the orders."""
    rows = Event.objects.filter(subject_type="promotion", subject_id=promotion_id, name__in=TOLD)
    events = list(rows.order_by("-seq")[:ORDERS])[::-1]
    names = shown_names(event.actor for event in events)
    return [Told(event, names.get(event.actor, "") if event.actor else "") for event in events]
