"""Asking the gateway for a waybill. Safe to be killed between any two steps: the sweep goes on from there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from tongdao.foundation.actors import CARRIER, SYSTEM
from tongdao.foundation.events import code, record
from tongdao.foundation.following import tell
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import assert_outside_scope, merchant_scope
from tongdao.rulebook import divisions
from tongdao.trade.orders.models import Allocation, DeliveryAddress, Order
from tongdao.trade.shipping.accounts import access_now, open_gateway, sender_of
from tongdao.trade.shipping.events import ParcelVoided
from tongdao.trade.shipping.gateway import (
    Access,
    GatewayDown,
    GatewayRefused,
    Party,
    Waybill,
    WaybillRequest,
)
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.operations.following import follow_parcel
from tongdao.trade.shipping.operations.leaving import mark_shipped
from tongdao.trade.shipping.operations.waiting import note_problem, put_off
from tongdao.trade.shipping.refusals import WaybillTaken
from tongdao.trade.shipping.states import PARCEL

UNPACKED = "order.unpacked"  # a parcel of the order is void, and its units are counted again


@dataclass(frozen=True, slots=True)
class Booking:
    """What the gateway is asked, and with whose keys."""

    access: Access
    request: WaybillRequest


def book_parcel(merchant_id: UUID, parcel_id: UUID) -> bool:
    """Get the waybill of a requested parcel, write it down, have the parcel followed. Outside any scope.

    A gateway that is down leaves the parcel waiting with a problem (and this returns False); its refusal
    makes the parcel void.
    """
    assert_outside_scope()
    with merchant_scope(merchant_id):
        booking = begin_booking(parcel_id)
    if booking is None:
        return True
    try:
        waybill = open_gateway(booking.access).book_waybill(booking.request)
    except GatewayDown:
        with merchant_scope(merchant_id):
            note_problem(parcel_id, "gateway_down")
        return False
    except GatewayRefused as refused:
        with merchant_scope(merchant_id):
            take_refusal(parcel_id, refused)
        return True
    return not record_waybill(merchant_id, parcel_id, waybill) or follow_parcel(merchant_id, parcel_id)


def begin_booking(parcel_id: UUID) -> Booking | None:
    """What to ask; None when there is nothing to book. The next try is put off first: it outlives a kill."""
    parcel = put_off(parcel_id, states=("requested",))
    if parcel is None:
        return None
    access = access_now()
    if access is None:
        note_problem(parcel_id, "no_account")
        return None
    # the sender in force at packing: a repeated request must say the same as the first one
    sender = sender_of(parcel.requested_at)
    return Booking(
        access, WaybillRequest(parcel.id.hex, parcel.carrier, sender, receiver_of(parcel.order_id))
    )


def receiver_of(order_id: UUID) -> Party:
    """The buyer's address as printed on a waybill."""
    purchase = Order.objects.filter(id=order_id).values("purchase_id")
    to = DeliveryAddress.objects.filter(purchase_id__in=purchase).order_by("id")[0]
    area = divisions.full_name(to.division_code, to.division_version)
    return Party(to.recipient, to.phone, area + to.detail)


def record_waybill(merchant_id: UUID, parcel_id: UUID, waybill: Waybill) -> bool:
    """Write the gateway's answer down; False when its number is another parcel's (a person must look)."""
    try:
        with merchant_scope(merchant_id):
            parcel = lock_order_of(parcel_id)
            mark_shipped(parcel, waybill, actor=CARRIER)
    except WaybillTaken:
        with merchant_scope(merchant_id):
            note_problem(parcel_id, "waybill_taken")
        return False
    return True


def take_refusal(parcel_id: UUID, refused: GatewayRefused) -> None:
    """Our account at fault: the parcel waits until it is put right. Else it is void, its units free again."""
    problem = f"gateway_{refused.code}"
    if refused.ours:
        note_problem(parcel_id, problem)
        return
    parcel = lock_order_of(parcel_id)
    lock_rows(Rank.PARCEL, Parcel, [parcel_id])
    if not claim(PARCEL, "requested", "void", Parcel, [parcel_id], problem=problem, check_at=None):
        return
    unpack(parcel, problem, was="requested")
    tell(UNPACKED, parcel.order_id)


def unpack(parcel: Parcel, problem: str, *, was: str) -> None:
    """The units of a parcel that has become void can be packed again."""
    for item in ParcelItem.objects.filter(parcel_id=parcel.id).order_by("allocation_id"):
        Allocation.objects.filter(id=item.allocation_id).update(packed=F("packed") - item.quantity)
    parcel.refresh_from_db()
    payload = ParcelVoided(parcel.id, parcel.order_id, code(problem))
    record(payload, subject=parcel, actor=SYSTEM, old={"state": was}, new={"state": "void"})


def lock_order_of(parcel_id: UUID) -> Parcel:
    parcel = Parcel.objects.get(id=parcel_id)
    lock_rows(Rank.ORDER, Order, [parcel.order_id])
    return parcel
