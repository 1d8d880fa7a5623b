"""Taking a parcel back before the carrier collects it. Safe to be killed: the sweep asks again."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import CARRIER, Actor
from tongdao.foundation.events import code, record
from tongdao.foundation.following import tell
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import assert_outside_scope, merchant_scope
from tongdao.goods.inventory.operations.shipping import take_back_units
from tongdao.trade.orders.models import DeliveryAddress, Order
from tongdao.trade.orders.operations import clear_confirm_deadline
from tongdao.trade.shipping.accounts import access_now, open_gateway
from tongdao.trade.shipping.carriers import Status
from tongdao.trade.shipping.events import ParcelCancelAsked, ParcelCancelRefused
from tongdao.trade.shipping.gateway import Access, GatewayDown, GatewayRefused, Trace, Watch, Waybill
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.operations.booking import UNPACKED, lock_order_of, unpack
from tongdao.trade.shipping.operations.scanning import apply_trace
from tongdao.trade.shipping.operations.waiting import note_problem, put_off
from tongdao.trade.shipping.refusals import ParcelNotCancellable
from tongdao.trade.shipping.states import PARCEL

UNCOLLECTED = frozenset({Status.ORDERED, Status.CANCELLED})


def cancel_parcel(parcel_id: UUID, *, actor: Actor) -> str:
    """Want a shipped, uncollected parcel back, in a merchant_scope; returns its state then.

    "void" at once where the waybill was typed in; else "cancelling": call `cancel_booked` after the commit
    (the sweep does it too). Again is no error. Raises ParcelNotCancellable, NotFound.
    """
    if not Parcel.objects.filter(id=parcel_id).exists():
        raise NotFound()
    parcel = _lock(parcel_id)
    if parcel.state == "cancelling":
        return parcel.state
    collected = parcel.scans.exclude(status__in=UNCOLLECTED).exists()
    paid = Order.objects.filter(id=parcel.order_id, state="paid").exists()
    if parcel.state != "shipped" or collected or not paid:
        raise ParcelNotCancellable(parcel, state=parcel.state)
    claim(PARCEL, "shipped", "cancelling", Parcel, [parcel.id], check_at=clock.now(), tries=0, problem="")
    parcel.refresh_from_db()
    record(ParcelCancelAsked(parcel.id, parcel.order_id), subject=parcel, actor=actor)
    if not parcel.booked:
        _take_back(parcel)
    return parcel.state


def cancel_booked(merchant_id: UUID, parcel_id: UUID) -> bool:
    """Ask the gateway to give the waybill back, and write its answer down. Outside any scope.

    False when it is down. After a refusal the parcel's way decides: a waybill that was given back before (we
    were killed before we wrote it down) is given back, a parcel that is under way goes on.
    """
    assert_outside_scope()
    with merchant_scope(merchant_id):
        asking = _begin(parcel_id)
    if asking is None:
        return True
    access, watch, waybill = asking
    try:
        trace = _ask(access, watch, waybill)
    except GatewayDown:
        with merchant_scope(merchant_id):
            note_problem(parcel_id, "gateway_down")
        return False
    except GatewayRefused as refused:
        with merchant_scope(merchant_id):
            note_problem(parcel_id, f"gateway_{refused.code}")
        return True
    with merchant_scope(merchant_id):
        _finish(parcel_id, trace)
    return True


def _begin(parcel_id: UUID) -> tuple[Access, Watch, Waybill] | None:
    parcel = put_off(parcel_id, states=("cancelling",))
    if parcel is None:
        return None
    access = access_now()
    if access is None:
        note_problem(parcel_id, "no_account")
        return None
    purchase = Order.objects.filter(id=parcel.order_id).values("purchase_id")
    to = DeliveryAddress.objects.filter(purchase_id__in=purchase).order_by("id")[0]
    watch = Watch(parcel.carrier, parcel.waybill_no, to.phone)
    return access, watch, Waybill(parcel.waybill_no, parcel.gateway_order)


def _ask(access: Access, watch: Watch, waybill: Waybill) -> Trace | None:
    """None: the waybill is given back. Else the way of a parcel that is not."""
    gateway = open_gateway(access)
    try:
        gateway.cancel_waybill(watch.carrier, waybill)
    except GatewayRefused as refused:
        if refused.ours:
            raise
        trace = gateway.query(watch)
        if trace is None:
            raise
        return None if any(scan.status == Status.CANCELLED for scan in trace.scans) else trace
    return None


def _finish(parcel_id: UUID, trace: Trace | None) -> None:
    parcel = _lock(parcel_id)
    if parcel.state != "cancelling":
        return
    if trace is None:
        _take_back(parcel)
        return
    now = clock.now()
    claim(PARCEL, "cancelling", "shipped", Parcel, [parcel.id], check_at=now, tries=0, problem="")
    parcel.refresh_from_db()
    payload = ParcelCancelRefused(parcel.id, parcel.order_id, code("cancel_refused"))
    record(payload, subject=parcel, actor=CARRIER)
    apply_trace(parcel, trace, actor=CARRIER)
    note_problem(parcel.id, "cancel_refused")


def _take_back(parcel: Parcel) -> None:
    """Its goods are in the warehouse again and promised to the order as before."""
    claim(PARCEL, "cancelling", "void", Parcel, [parcel.id], check_at=None, problem="")
    units = dict(ParcelItem.objects.filter(parcel=parcel).values_list("allocation_id", "quantity"))
    unpack(parcel, "taken_back", was="cancelling")
    take_back_units(units, source=parcel.id)
    clear_confirm_deadline(parcel.order_id)
    tell(UNPACKED, parcel.order_id)


def _lock(parcel_id: UUID) -> Parcel:
    """The parcel read under its order's lock and its own."""
    parcel = lock_order_of(parcel_id)
    lock_rows(Rank.PARCEL, Parcel, [parcel.id])
    parcel.refresh_from_db()
    return parcel
