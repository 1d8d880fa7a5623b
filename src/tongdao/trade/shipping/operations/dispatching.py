"""Shipping many orders in one go: the wish is written down at once, the worker packs them one by one.

Each order is packed in a transaction of its own that also moves its item on, so a kill at any moment leaves
an order either packed once or still queued, and the sweep goes on from there. The waybills are booked by
`sweep_parcels`, as for any other parcel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.idempotency import input_hash, recall, remember
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.events import DispatchRetried, DispatchStarted
from tongdao.trade.shipping.models import Dispatch, DispatchItem
from tongdao.trade.shipping.operations.packing import check_carrier, pack_parcel
from tongdao.trade.shipping.refusals import NothingToDispatch, TooManyToDispatch
from tongdao.trade.shipping.states import DISPATCH_ITEM

MOST = 500  # orders of one dispatch
AGAIN = timedelta(minutes=1)  # until an order is tried again whose worker was killed, or failed for no reason
DUE = """
select merchant_id, id from dispatch_item where state = 'queued' and try_at <= %s order by try_at, id limit %s
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """An order to ship; without a waybill the carrier is asked for one."""

    order_id: UUID
    carrier: str
    waybill_no: str = ""


def start_dispatch(wishes: Sequence[Wish], *, actor: Actor, key: str = "") -> UUID:
    """Ship what is left of each order as a parcel, in the background; returns the dispatch's id.

    What cannot be packed is found out order by order and stands in the dispatch. The same `key` starts one.
    Raises NothingToDispatch, TooManyToDispatch, UnknownCarrier, BadWaybill, CarrierNotConnected,
    DuplicateRequest, NotFound.
    """
    digest = input_hash([[wish.order_id, wish.carrier, wish.waybill_no] for wish in wishes])
    if key and (answer := recall("dispatch", key, digest)) is not None:
        return UUID(answer["dispatch_id"])
    by_order = {wish.order_id: wish for wish in wishes}
    _check(list(by_order.values()))
    known = set(Order.objects.filter(id__in=list(by_order)).values_list("id", flat=True))
    if len(known) != len(by_order):
        raise NotFound()
    dispatch = _write(list(by_order.values()), actor)
    if key:
        remember("dispatch", key, digest, {"dispatch_id": str(dispatch.id)})
    return dispatch.id


def _check(wishes: Sequence[Wish]) -> None:
    if not wishes:
        raise NothingToDispatch()
    if len(wishes) > MOST:
        raise TooManyToDispatch(most=MOST)
    for carrier, waybill_no in {(wish.carrier, wish.waybill_no) for wish in wishes}:
        check_carrier(carrier, waybill_no)


def _write(wishes: Sequence[Wish], actor: Actor) -> Dispatch:
    now, typed = clock.now(), any(wish.waybill_no for wish in wishes)
    if actor.id is None:
        raise NotFound()
    dispatch = Dispatch.objects.create(staff_id=actor.id, typed=typed, total=len(wishes), created_at=now)
    DispatchItem.objects.bulk_create(
        [
            DispatchItem(
                dispatch=dispatch,
                order_id=wish.order_id,
                position=position,
                carrier=wish.carrier,
                waybill_no=wish.waybill_no,
                try_at=now,
            )
            for position, wish in enumerate(wishes)
        ]
    )
    payload = DispatchStarted(dispatch.id, len(wishes), typed)
    record(payload, subject=dispatch, actor=actor)
    return dispatch


def retry_dispatch(dispatch_id: UUID, *, actor: Actor) -> int:
    """Try again what was refused, and what the carrier did not take; returns how many. Raises NotFound."""
    dispatch = Dispatch.objects.filter(id=dispatch_id).first()
    if dispatch is None:
        raise NotFound()
    items = DispatchItem.objects.filter(dispatch=dispatch)
    changes = {"refusal": "", "parcel_id": None, "try_at": clock.now()}
    refused = list(items.filter(state="refused").values_list("id", flat=True))
    void = list(items.filter(state="packed", parcel__state="void").values_list("id", flat=True))
    again = claim(DISPATCH_ITEM, "refused", "queued", DispatchItem, refused, **changes)
    again += claim(DISPATCH_ITEM, "packed", "queued", DispatchItem, void, **changes)
    if again:
        record(DispatchRetried(dispatch.id, len(again)), subject=dispatch, actor=actor)
    return len(again)


def sweep_dispatches(now: datetime, limit: int = 100) -> int:
    """Pack queued orders of all merchants; returns how many were worked off. Two at once do no harm."""
    return work_off(due_rows(DUE, now, limit), pack_item, "packing an order of a dispatch")


def pack_item(merchant_id: UUID, item_id: UUID) -> None:
    """Pack one order of a dispatch, or write down why not. Its next try is put off first: what fails here
    for no reason that we know is not tried in each round."""
    with merchant_scope(merchant_id):
        waiting = DispatchItem.objects.filter(id=item_id, state="queued")
        if not waiting.update(try_at=clock.now() + AGAIN):
            return
    try:
        with merchant_scope(merchant_id):
            _pack(item_id)
    except Refusal as refusal:
        with merchant_scope(merchant_id):
            claim(DISPATCH_ITEM, "queued", "refused", DispatchItem, [item_id], refusal=refusal.code)


def _pack(item_id: UUID) -> None:
    """Whoever moves the item on first packs it; another one waits for that row and then finds it moved."""
    if not claim(DISPATCH_ITEM, "queued", "packed", DispatchItem, [item_id]):
        return
    item = DispatchItem.objects.select_related("dispatch").get(id=item_id)
    actor = Actor("staff", item.dispatch.staff_id)
    packed = pack_parcel(item.order_id, "all", item.carrier, item.waybill_no or None, actor=actor)
    DispatchItem.objects.filter(id=item_id).update(parcel_id=packed.parcel_id)
