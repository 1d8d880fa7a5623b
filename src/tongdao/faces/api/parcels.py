"""Packing and shipping."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Header, Query, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Text, Units
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import book_parcel, pack_parcel
from tongdao.trade.shipping.problems import problem_text

router = Router(tags=["shipping"])
PackKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]*$",
        min_length=8,
        max_length=64,
        description="The same key packs once",
    ),
]


class CarrierOut(Schema):
    code: str
    name: str


class ItemIn(Input):
    allocation_id: UUID
    quantity: Units


class ParcelIn(Input):
    carrier: Text = Field(min_length=1, max_length=24)
    waybill_no: Text | None = Field(
        None, pattern=r"^[A-Za-z0-9-]{6,32}$", description="As typed in; the carrier is asked for one without"
    )
    items: list[ItemIn] | None = Field(
        None, min_length=1, max_length=200, description="Everything that is left without it"
    )


class ParcelOut(Schema):
    parcel_id: UUID
    order_id: UUID
    carrier: str
    carrier_name: str
    waybill_no: str
    state: str
    problem: str
    problem_text: str = Field(description="What it means and what to do")
    requested_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None


@operation(router, "GET", "/carriers", need="nobody", answer=list[CarrierOut])
def list_carriers(request: HttpRequest) -> list[CarrierOut]:
    """The carriers that parcels can go with."""
    return [CarrierOut(code=code, name=str(name)) for code, name in CARRIERS.items()]


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/parcels",
    need="orders.read",
    answer=Page[ParcelOut],
)
def list_parcels(
    request: Call,
    merchant_id: UUID,
    problems: Annotated[bool, Query(description="Only those that need somebody")] = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[ParcelOut]:
    """Parcels, newest first."""
    found = Parcel.objects.exclude(problem="") if problems else Parcel.objects.all()
    rows = list(found.order_by("-requested_at", "-id")[offset : offset + limit + 1])
    return Page(items=[parcel_out(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/orders/{order_id}/parcels",
    need="orders.read",
    answer=list[ParcelOut],
)
def list_order_parcels(request: Call, merchant_id: UUID, order_id: UUID) -> list[ParcelOut]:
    """The parcels of an order, oldest first."""
    if not Order.objects.filter(pk=order_id).exists():
        raise NotFound()
    rows = Parcel.objects.filter(order_id=order_id).order_by("requested_at", "id")
    return [parcel_out(row) for row in rows]


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/orders/{order_id}/parcels",
    need="orders.ship",
    answer=ParcelOut,
    status=201,
    refuses=[409],
    inside=False,
)
def pack_order(
    request: Call, merchant_id: UUID, order_id: UUID, body: ParcelIn, key: PackKey = None
) -> ParcelOut:
    """Pack units of a paid order and give them to a carrier.

    Without `waybill_no` the carrier is asked for one at once; when it does not answer the parcel stays
    `requested`, and it is asked again until it does.
    """
    items = body.items
    wanted = {item.allocation_id: item.quantity for item in items} if items else None
    with merchant_scope(merchant_id):
        packed = pack_parcel(
            order_id,
            wanted or "all",
            body.carrier,
            body.waybill_no,
            actor=as_staff(request),
            key=key or "",
        )
    if packed.state == "requested":
        book_parcel(merchant_id, packed.parcel_id)
    with merchant_scope(merchant_id):
        return parcel_out(Parcel.objects.get(pk=packed.parcel_id))


def parcel_out(row: Parcel) -> ParcelOut:
    return ParcelOut(
        parcel_id=row.id,
        order_id=row.order_id,
        carrier=row.carrier,
        carrier_name=str(CARRIERS.get(row.carrier, row.carrier)),
        waybill_no=row.waybill_no,
        state=row.state,
        problem=row.problem,
        problem_text=problem_text(row.problem),
        requested_at=row.requested_at,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
    )
