"""What can be packed, and with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from tongdao.faces.lists.standing import troubled
from tongdao.foundation.clock import beijing_day, day_begins
from tongdao.foundation.pii import mask_name
from tongdao.rulebook import divisions
from tongdao.terms.promotions.queries import waiting_orders
from tongdao.trade.orders.models import Allocation, DeliveryAddress, Order
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import CarrierAccount, Parcel
from tongdao.trade.shipping.problems import problem_text


def units_left(order: Order) -> int:
    """Units of a paid order that are in no parcel and may go into one."""
    if order.state != "paid" or waiting_orders([order.id]):
        return 0
    left = Sum(F("quantity") - F("packed") - F("cancelled"))
    return int(Allocation.objects.filter(line__order=order).aggregate(left=left)["left"] or 0)


def carrier_connected() -> bool:
    """Whether waybills can be booked."""
    return CarrierAccount.objects.filter(effective_to__isnull=True).exists()


@dataclass(frozen=True, slots=True)
class Troubled:
    """A parcel that somebody should look at, and why."""

    order_id: UUID
    number: str
    carrier: str
    waybill_no: str
    text: str


def parcels_in_trouble(limit: int) -> list[Troubled]:
    """The newest first."""
    rows = troubled().select_related("order").order_by("-id")[:limit]
    return [
        Troubled(
            row.order_id,
            row.order.number,
            str(CARRIERS.get(row.carrier, row.carrier)),
            row.waybill_no,
            problem_text(row.problem),
        )
        for row in rows
    ]


def usual_carrier() -> str:
    """The carrier of the latest parcel; empty before the first."""
    return Parcel.objects.order_by("-id").values_list("carrier", flat=True).first() or ""


def due_before(due: str, now: datetime) -> datetime | None:
    """Until when what is asked for was promised: "late" or "today" (Beijing's); None for everything."""
    if due == "late":
        return now
    if due == "today":
        return day_begins(beijing_day(now) + timedelta(days=1))
    return None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An order that was chosen and cannot be packed now, and why."""

    order_id: UUID
    number: str
    why: str


def left_out(chosen: Sequence[UUID], ready: Sequence[UUID]) -> list[LeftOut]:
    """The chosen orders that are not among the ready ones. Those of others are not named at all."""
    missing = [order_id for order_id in chosen if order_id not in set(ready)]
    waits = waiting_orders(missing)
    open_ones = dict(
        Allocation.objects.filter(line__order_id__in=missing, quantity__gt=F("packed") + F("cancelled"))
        .values_list("line__order_id")
        .annotate(nodes=Count("node_id", distinct=True))
    )
    orders = Order.objects.filter(pk__in=missing).order_by("placed_at", "id")
    return [
        LeftOut(order.id, order.number, _why(order, open_ones.get(order.id, 0), waits=order.id in waits))
        for order in orders
    ]


def _why(order: Order, nodes: int, *, waits: bool) -> str:
    if order.state != "paid":
        return _("Not paid, or over already")
    if waits:
        return _("Waits for its buying group")
    if not nodes:
        return _("Everything of it is packed")
    return _("Its goods lie in different warehouses: ship it by itself")


@dataclass(frozen=True, slots=True)
class ToPack:
    """One order of a bulk. `nodes` above 1: its goods lie apart, so it must be packed by hand."""

    order_id: UUID
    number: str
    buyer: str
    area: str
    goods: str
    units: int
    nodes: int
    ship_by: datetime | None


def to_pack(order_ids: Sequence[UUID]) -> list[ToPack]:
    """Those of the orders that are paid, have units left and wait for no group, the longest waiting first."""
    wanted = set(order_ids) - waiting_orders(order_ids)
    orders = list(Order.objects.filter(pk__in=wanted, state="paid").order_by("placed_at", "id"))
    open_units: defaultdict[UUID, list[Allocation]] = defaultdict(list)
    rows = Allocation.objects.filter(line__order__in=orders, quantity__gt=F("packed") + F("cancelled"))
    for row in rows.select_related("line").order_by("line__position", "id"):
        open_units[row.line.order_id].append(row)
    purchases = [order.purchase_id for order in orders]
    addresses = {row.purchase_id: row for row in DeliveryAddress.objects.filter(purchase_id__in=purchases)}
    return [
        _to_pack(order, open_units[order.id], addresses[order.purchase_id])
        for order in orders
        if open_units[order.id]
    ]


def _to_pack(order: Order, rows: Sequence[Allocation], to: DeliveryAddress) -> ToPack:
    return ToPack(
        order_id=order.id,
        number=order.number,
        buyer=mask_name(to.recipient),
        area=divisions.full_name(to.division_code, to.division_version),
        goods=rows[0].line.title,
        units=sum(row.quantity - row.packed - row.cancelled for row in rows),
        nodes=len({row.node_id for row in rows}),
        ship_by=order.ship_by,
    )
