"""Shipping many orders in one go, and taking a parcel back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.parcels import PackKey, ParcelOut, parcel_out
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import (
    Wish,
    cancel_booked,
    cancel_parcel,
    retry_dispatch,
    start_dispatch,
)
from tongdao.trade.shipping.operations.dispatching import MOST
from tongdao.trade.shipping.queries import DispatchView, dispatch_view, dispatches

router = Router(tags=["shipping"])


class DispatchWishIn(Input):
    """An order to ship: everything that is left of it becomes one parcel."""

    order_id: UUID
    carrier: Text = Field(min_length=1, max_length=24)
    waybill_no: Text = Field(
        "", pattern=r"^([A-Za-z0-9-]{6,32})?$", description="The carrier is asked for one without"
    )


class DispatchIn(Input):
    orders: list[DispatchWishIn] = Field(min_length=1, max_length=MOST)


class DispatchRowOut(Schema):
    """How far it is, in orders; those in neither count wait or were taken back."""

    dispatch_id: UUID
    created_at: datetime
    total: int
    shipped: int
    failed: int


class DispatchItemOut(Schema):
    order_id: UUID
    number: str
    waybill_no: str
    parcel_id: UUID | None
    progress: Literal["waiting", "booking", "held", "shipped", "failed", "taken_back"]
    text: str = Field(description="Why it failed or is held up")


class DispatchOut(Schema):
    """`running`: something moves by itself yet."""

    dispatch_id: UUID
    created_at: datetime
    running: bool
    orders: list[DispatchItemOut]


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/dispatches",
    need="orders.ship",
    answer=DispatchOut,
    status=202,
    refuses=[409],
)
def dispatch_orders(request: Call, merchant_id: UUID, body: DispatchIn, key: PackKey = None) -> DispatchOut:
    """Ship many orders. They are packed and booked in the background; what cannot be shipped says why."""
    wishes = [Wish(order.order_id, order.carrier, order.waybill_no) for order in body.orders]
    return _out(dispatch_view(start_dispatch(wishes, actor=as_staff(request), key=key or "")))


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/dispatches",
    need="orders.read",
    answer=list[DispatchRowOut],
)
def list_dispatches(request: Call, merchant_id: UUID) -> list[DispatchRowOut]:
    """The latest fifty, newest first."""
    return [DispatchRowOut.model_validate(row) for row in dispatches()]


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/dispatches/{dispatch_id}",
    need="orders.read",
    answer=DispatchOut,
)
def read_dispatch(request: Call, merchant_id: UUID, dispatch_id: UUID) -> DispatchOut:
    """One dispatch, order by order."""
    return _out(dispatch_view(dispatch_id))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/dispatches/{dispatch_id}/retry",
    need="orders.ship",
    answer=DispatchOut,
)
def retry_dispatched_orders(request: Call, merchant_id: UUID, dispatch_id: UUID) -> DispatchOut:
    """Try those that failed again. What is shipped stays as it is."""
    retry_dispatch(dispatch_id, actor=as_staff(request))
    return _out(dispatch_view(dispatch_id))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/parcels/{parcel_id}/cancel",
    need="orders.ship",
    answer=ParcelOut,
    refuses=[409],
    inside=False,
)
def take_parcel_back(request: Call, merchant_id: UUID, parcel_id: UUID) -> ParcelOut:
    """Cancel the waybill of a parcel that was not collected; its units can be packed again.

    `cancelling`: the carrier does not answer and is asked again. Still `shipped` or on its way: it has it.
    """
    with merchant_scope(merchant_id):
        state = cancel_parcel(parcel_id, actor=as_staff(request))
    if state == "cancelling":
        cancel_booked(merchant_id, parcel_id)
    with merchant_scope(merchant_id):
        return parcel_out(Parcel.objects.get(pk=parcel_id))


def _out(view: DispatchView) -> DispatchOut:
    items = [DispatchItemOut.model_validate(item) for item in view.items]
    return DispatchOut(
        dispatch_id=view.dispatch_id, created_at=view.created_at, running=view.running, orders=items
    )
