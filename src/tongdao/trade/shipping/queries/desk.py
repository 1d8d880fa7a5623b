"""What the desk that ships sees: orders with units left, parcels that need somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from tongdao.foundation.pii import mask_name, mask_phone
from tongdao.rulebook import divisions
from tongdao.terms.promotions.queries import waiting_orders, waiting_seats
from tongdao.trade.orders.models import Allocation, DeliveryAddress, Order
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.problems import problem_text


@dataclass(frozen=True, slots=True)
class OrderToShip:
    """A paid order with units to pack. `ship_by` was promised at payment."""

    order_id: UUID
    number: str
    paid_at: datetime | None
    ship_by: datetime | None
    units_left: int


@dataclass(frozen=True, slots=True)
class ShipLine:
    """An allocation with units left to pack."""

    allocation_id: UUID
    node_id: UUID
    title: str
    option_text: str
    sku_code: str
    picture: str
    left: int


@dataclass(frozen=True, slots=True)
class ParcelAtDesk:
    """A parcel; `problem` is a code or empty, `problem_text` says what it means and what to do."""

    parcel_id: UUID
    order_id: UUID
    order_number: str
    carrier_name: str
    waybill_no: str
    state: str
    problem: str
    problem_text: str


@dataclass(frozen=True, slots=True)
class ShippableOrder:
    """All that the packing page shows. Name and phone are masked (see operations.unmask_delivery)."""

    order_id: UUID
    number: str
    state: str
    ship_by: datetime | None
    recipient: str
    phone: str
    area: str
    lines: tuple[ShipLine, ...]
    parcels: tuple[ParcelAtDesk, ...]


def orders_to_ship(
    limit: int = 50, offset: int = 0, before: datetime | None = None
) -> tuple[OrderToShip, ...]:
    """Paid orders with units left that wait for no buying group, the longest waiting first; only those
    promised before a moment, if given. In a merchant_scope."""
    left = Sum(F("quantity") - F("packed") - F("cancelled"))
    open_units = dict(
        _open(before)
        .values_list("line__order_id")
        .annotate(left=left)
        .order_by("line__order__placed_at", "line__order_id")[offset : offset + limit]
    )
    orders = Order.objects.filter(id__in=list(open_units)).order_by("placed_at", "id")
    return tuple(
        OrderToShip(order.id, order.number, order.paid_at, order.ship_by, open_units[order.id])
        for order in orders
    )


def count_to_ship(before: datetime | None = None) -> int:
    """How many orders `orders_to_ship` would list in all."""
    return _open(before).values("line__order_id").distinct().count()


def _open(before: datetime | None) -> QuerySet[Allocation]:
    waits = Exists(waiting_seats().filter(order_id=OuterRef("line__order_id")))
    rows = Allocation.objects.filter(
        ~waits, line__order__state="paid", quantity__gt=F("packed") + F("cancelled")
    )
    return rows.filter(line__order__ship_by__lt=before) if before else rows


def shippable(order_id: UUID) -> ShippableOrder | None:
    """One order as the packing page shows it; None when the merchant has none of this id."""
    order = Order.objects.filter(id=order_id).first()
    if order is None:
        return None
    to = DeliveryAddress.objects.filter(purchase_id=order.purchase_id).order_by("id")[0]
    parcels = Parcel.objects.filter(order_id=order.id).select_related("order").order_by("requested_at", "id")
    return ShippableOrder(
        order.id,
        order.number,
        order.state,
        order.ship_by,
        mask_name(to.recipient),
        mask_phone(to.phone),
        divisions.full_name(to.division_code, to.division_version),
        _lines(order) if order.state == "paid" and not waiting_orders([order.id]) else (),
        tuple(map(_at_desk, parcels)),
    )


def parcels_with_problems(limit: int = 50) -> tuple[ParcelAtDesk, ...]:
    """Parcels that need somebody, newest first. In a merchant_scope."""
    rows = Parcel.objects.exclude(problem="").select_related("order").order_by("-requested_at", "-id")
    return tuple(map(_at_desk, rows[:limit]))


def _lines(order: Order) -> tuple[ShipLine, ...]:
    rows = Allocation.objects.filter(line__order_id=order.id, quantity__gt=F("packed") + F("cancelled"))
    return tuple(
        ShipLine(
            row.id,
            row.node_id,
            row.line.title,
            row.line.option_text,
            row.line.sku_code,
            row.line.picture,
            row.quantity - row.packed - row.cancelled,
        )
        for row in rows.select_related("line").order_by("line__position", "id")
    )


def _at_desk(parcel: Parcel) -> ParcelAtDesk:
    return ParcelAtDesk(
        parcel.id,
        parcel.order_id,
        parcel.order.number,
        str(CARRIERS.get(parcel.carrier, parcel.carrier)),
        parcel.waybill_no,
        parcel.state,
        parcel.problem,
        problem_text(parcel.problem),
    )
