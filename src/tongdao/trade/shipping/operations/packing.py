"""Packing: units of a paid order go into a parcel, each at most once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.idempotency import input_hash, recall, remember
from tongdao.foundation.ids import token
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.queries import waiting_orders
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.events import ParcelRequested
from tongdao.trade.shipping.gateway import Waybill
from tongdao.trade.shipping.models import CarrierAccount, Parcel, ParcelItem
from tongdao.trade.shipping.operations.leaving import mark_shipped
from tongdao.trade.shipping.refusals import (
    BadQuantity,
    BadWaybill,
    CarrierNotConnected,
    GroupNotFormed,
    NothingLeftToShip,
    OrderNotShippable,
    SeveralShippers,
    UnknownCarrier,
)

TOKEN_LENGTH = 26  # about 128 bits
SALT_LENGTH = 32
MOST_UNITS = 1_000_000
WAYBILL = re.compile(r"[A-Za-z0-9-]{6,32}")

Items = Mapping[UUID, int] | Literal["all"]


@dataclass(frozen=True, slots=True)
class ParcelPacked:
    """The parcel; `state` is "shipped" when the waybill was typed in, else "requested": book it next."""

    parcel_id: UUID
    state: str


def pack_parcel(
    order_id: UUID, items: Items, carrier: str, waybill_no: str | None = None, *, actor: Actor, key: str = ""
) -> ParcelPacked:
    """Pack units (allocation id → units, or all that are left) for a carrier, in a merchant_scope.

    Without `waybill_no` the gateway is asked for one: call `book_parcel` after the commit (the sweep does it
    too). The same `key` packs once. Raises OrderNotShippable, GroupNotFormed, NothingLeftToShip,
    SeveralShippers, CarrierNotConnected, WaybillTaken, NotFound, UnknownCarrier, BadWaybill, BadQuantity,
    DuplicateRequest.
    """
    digest = input_hash([order_id, _plain(items), carrier, waybill_no])
    if key and (answer := recall("pack", key, digest)) is not None:
        return ParcelPacked(UUID(answer["parcel_id"]), answer["state"])
    check_carrier(carrier, waybill_no)
    order = _lock_paid(order_id)
    allocations = {each.id: each for each in Allocation.objects.filter(line__order_id=order.id)}
    wanted = _wanted(allocations, items)
    nodes = {allocations[each].node_id for each in wanted}
    if len(nodes) != 1:
        raise SeveralShippers(order)
    _take(wanted)
    parcel = _make(order, nodes.pop(), carrier, wanted, booked=not waybill_no, actor=actor)
    if waybill_no:
        mark_shipped(parcel, Waybill(waybill_no), actor=actor)
    packed = ParcelPacked(parcel.id, parcel.state)
    if key:
        remember("pack", key, digest, {"parcel_id": str(packed.parcel_id), "state": packed.state})
    return packed


def _plain(items: Items) -> object:
    return items if isinstance(items, str) else {str(each): units for each, units in items.items()}


def check_carrier(carrier: str, waybill_no: str | None) -> None:
    """Raises UnknownCarrier, BadWaybill, CarrierNotConnected."""
    if carrier not in CARRIERS:
        raise UnknownCarrier(carrier=carrier[:24])
    if waybill_no:
        if not WAYBILL.fullmatch(waybill_no):
            raise BadWaybill()
    elif not CarrierAccount.objects.filter(effective_to__isnull=True).exists():
        raise CarrierNotConnected()


def _lock_paid(order_id: UUID) -> Order:
    """The order under its lock, where cancelling it waits for us or we for it."""
    if not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    order = Order.objects.get(id=order_id)
    if order.state != "paid":
        raise OrderNotShippable(order, state=order.state)
    if waiting_orders([order_id]):
        raise GroupNotFormed(order)  # a group that has formed stays so: the answer cannot turn round
    return order


def _wanted(allocations: Mapping[UUID, Allocation], items: Items) -> dict[UUID, int]:
    left = {each.id: each.quantity - each.packed - each.cancelled for each in allocations.values()}
    if isinstance(items, str):
        items = {each: units for each, units in left.items() if units > 0}
    if any(type(units) is not int or not 0 < units <= MOST_UNITS for units in items.values()):
        raise BadQuantity()
    if any(each not in allocations for each in items):
        raise NotFound()
    if not items or any(units > left[each] for each, units in items.items()):
        raise NothingLeftToShip()
    return dict(items)


def _take(wanted: Mapping[UUID, int]) -> None:
    """Count the units. The order's lock makes `wanted` right; the table's check is a second one."""
    for allocation_id, units in sorted(wanted.items()):
        Allocation.objects.filter(id=allocation_id).update(packed=F("packed") + units)


def _make(
    order: Order, node_id: UUID, carrier: str, wanted: Mapping[UUID, int], *, booked: bool, actor: Actor
) -> Parcel:
    now = clock.now()
    parcel = Parcel.objects.create(
        order=order,
        person_id=order.person_id,
        node_id=node_id,
        carrier=carrier,
        booked=booked,
        callback_token=token(TOKEN_LENGTH),
        callback_salt=token(SALT_LENGTH),
        requested_at=now,
        check_at=now,
    )
    ParcelItem.objects.bulk_create(
        [ParcelItem(parcel=parcel, allocation_id=each, quantity=units) for each, units in wanted.items()]
    )
    directory.register("callback", parcel.callback_token, current_merchant(), parcel.id)
    payload = ParcelRequested(parcel.id, order.id, Code(carrier), sum(wanted.values()))
    record(payload, subject=parcel, actor=actor)
    return parcel
