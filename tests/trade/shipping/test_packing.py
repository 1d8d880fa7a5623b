"""Packing: what may be packed, by whom first, and what it leaves behind."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.trade.shipping.support import ON_HAND, STAFF, Shop
from tongdao.foundation import clock, directory
from tongdao.foundation.idempotency import DuplicateRequest
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.states import claim
from tongdao.goods.inventory.models import Reservation
from tongdao.rulebook import trade
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.orders.states import ORDER
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import pack_parcel
from tongdao.trade.shipping.refusals import (
    BadQuantity,
    BadWaybill,
    CarrierNotConnected,
    NothingLeftToShip,
    OrderNotShippable,
    SeveralShippers,
    UnknownCarrier,
    WaybillTaken,
)


def number() -> str:
    return f"YT{uuid7().int % 10**13:013d}"


def packed(shop: Shop, allocation: UUID) -> int:
    with shop.scope():
        return Allocation.objects.get(id=allocation).packed


def test_a_typed_waybill_ships_at_once(shop: Shop) -> None:
    order = shop.paid_order(2, 3)
    waybill = number()
    parcel = shop.parcel(shop.pack(order, waybill))
    assert (parcel.state, parcel.waybill_no, parcel.booked) == ("shipped", waybill, False)
    assert shop.stock(order, 0) == (ON_HAND - 2, 0, ON_HAND - 2)
    assert shop.stock(order, 1) == (ON_HAND - 3, 0, ON_HAND - 3)
    assert shop.events(parcel.id) == ["parcel.requested", "parcel.shipped"]
    assert directory.lookup("callback", parcel.callback_token) == (shop.merchant_id, parcel.id)
    with shop.scope():
        states = Reservation.objects.filter(id__in=order.allocations).values_list("state", flat=True)
        assert set(states) == {"consumed"}
        days = trade.AUTO_CONFIRM_EXPRESS.on(clock.today())
        assert parcel.shipped_at is not None
        assert Order.objects.get(id=order.id).confirm_by == parcel.shipped_at + days


def test_a_requested_parcel_keeps_its_goods_in_stock(connected: Shop) -> None:
    order = connected.paid_order(2)
    parcel = connected.parcel(connected.pack(order))
    assert (parcel.state, parcel.waybill_no, parcel.booked) == ("requested", "", True)
    assert connected.stock(order) == (ON_HAND, 2, ON_HAND)
    assert packed(connected, order.allocations[0]) == 2


def test_partial_parcels_set_the_deadline_with_the_last_one(shop: Shop) -> None:
    order = shop.paid_order(3, 1)
    first, second = order.allocations
    with shop.scope():
        pack_parcel(order.id, {first: 2}, "ems", number(), actor=STAFF)
    assert shop.stock(order) == (ON_HAND - 2, 1, ON_HAND - 2)
    with shop.scope():
        assert Reservation.objects.get(id=first).state == "held"
        assert Order.objects.get(id=order.id).confirm_by is None
        pack_parcel(order.id, {first: 1, second: 1}, "ems", number(), actor=STAFF)
        assert Reservation.objects.get(id=first).state == "consumed"
        assert Order.objects.get(id=order.id).confirm_by is not None
    assert shop.stock(order) == (ON_HAND - 3, 0, ON_HAND - 3)


def test_an_unbooked_parcel_holds_the_deadline_back(connected: Shop) -> None:
    order = connected.paid_order(1, 1)
    with connected.scope():
        pack_parcel(order.id, {order.allocations[0]: 1}, "ems", actor=STAFF)
        pack_parcel(order.id, {order.allocations[1]: 1}, "ems", number(), actor=STAFF)
        assert Order.objects.get(id=order.id).confirm_by is None


@pytest.mark.parametrize("units", [4, 1000])
def test_more_than_is_left_is_refused(shop: Shop, units: int) -> None:
    order = shop.paid_order(3)
    with pytest.raises(NothingLeftToShip), shop.scope():
        pack_parcel(order.id, {order.allocations[0]: units}, "ems", number(), actor=STAFF)
    assert packed(shop, order.allocations[0]) == 0


def test_a_second_all_finds_nothing(shop: Shop) -> None:
    order = shop.paid_order(3)
    shop.pack(order, number())
    with pytest.raises(NothingLeftToShip):
        shop.pack(order, number())


@pytest.mark.parametrize("units", [0, -1, True, 10**9])
def test_quantities_that_are_none(shop: Shop, units: int) -> None:
    order = shop.paid_order(3)
    with pytest.raises(BadQuantity), shop.scope():
        pack_parcel(order.id, {order.allocations[0]: units}, "ems", number(), actor=STAFF)


@pytest.mark.parametrize(
    ("carrier", "waybill", "refusal"),
    [
        ("pigeon", "YT1234567890123", UnknownCarrier),
        ("ems", "12 34", BadWaybill),
        ("ems", "<script>", BadWaybill),
        ("ems", None, CarrierNotConnected),
    ],
)
def test_what_cannot_be_written_on_a_parcel(
    shop: Shop, carrier: str, waybill: str | None, refusal: type[Refusal]
) -> None:
    order = shop.paid_order(1)
    with pytest.raises(refusal):
        shop.pack(order, waybill, carrier)
    assert packed(shop, order.allocations[0]) == 0


def test_only_paid_orders_are_shipped(shop: Shop) -> None:
    order = shop.paid_order(1)
    with shop.scope():
        claim(ORDER, "paid", "cancelled", Order, [order.id])
    with pytest.raises(OrderNotShippable) as refused:
        shop.pack(order, number())
    assert refused.value.details == {"state": "cancelled"}


def test_one_parcel_comes_from_one_place(shop: Shop) -> None:
    order = shop.paid_order(1, 1, nodes=2)
    with pytest.raises(SeveralShippers):
        shop.pack(order, number())
    with shop.scope():
        pack_parcel(order.id, {order.allocations[1]: 1}, "ems", number(), actor=STAFF)


def test_a_waybill_number_is_used_once(shop: Shop) -> None:
    waybill = number()
    shop.pack(shop.paid_order(1), waybill)
    order = shop.paid_order(1)
    with pytest.raises(WaybillTaken):
        shop.pack(order, waybill)
    assert packed(shop, order.allocations[0]) == 0
    assert shop.stock(order) == (ON_HAND, 1, ON_HAND)


def test_foreign_ids_are_not_found(shop: Shop) -> None:
    foreign, own = Shop().paid_order(1), shop.paid_order(1)
    with pytest.raises(NotFound):
        shop.pack(foreign, number())
    with pytest.raises(NotFound), shop.scope():
        pack_parcel(own.id, {foreign.allocations[0]: 1}, "ems", number(), actor=STAFF)
    other = shop.paid_order(1)
    with pytest.raises(NotFound), shop.scope():
        pack_parcel(own.id, {other.allocations[0]: 1}, "ems", number(), actor=STAFF)


def test_the_same_key_packs_once(connected: Shop) -> None:
    order = connected.paid_order(5)
    allocation = order.allocations[0]
    answers = set()
    for _ in range(2):
        with connected.scope():
            packing = pack_parcel(order.id, {allocation: 2}, "ems", actor=STAFF, key="pack-key-1")
            answers.add(packing)
    assert len(answers) == 1
    assert packed(connected, allocation) == 2
    with pytest.raises(DuplicateRequest), connected.scope():
        pack_parcel(order.id, {allocation: 3}, "ems", actor=STAFF, key="pack-key-1")
    with connected.scope():
        assert Parcel.objects.count() == 1
