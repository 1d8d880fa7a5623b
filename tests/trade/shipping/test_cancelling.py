"""Taking a parcel back: before the carrier collects it, never after, and the goods are there again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trade.shipping.sandbox import CarrierSandbox, Endpoint
from tests.trade.shipping.support import EVERY_PARCEL, ON_HAND, STAFF, PaidOrder, Shop
from tongdao.foundation import clock
from tongdao.goods.inventory.models import Reservation
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.gateway import Access
from tongdao.trade.shipping.models import CarrierAccount
from tongdao.trade.shipping.operations import book_parcel, cancel_booked, cancel_parcel, sweep_parcels
from tongdao.trade.shipping.operations.cancelling import _ask, _begin
from tongdao.trade.shipping.refusals import ParcelNotCancellable


def confirm_by(shop: Shop, order: PaidOrder) -> object:
    with shop.scope():
        return Order.objects.values_list("confirm_by", flat=True).get(id=order.id)


def ask_back(shop: Shop, parcel_id: object) -> str:
    with shop.scope():
        return cancel_parcel(parcel_id, actor=STAFF)  # type: ignore[arg-type]  # the builder's id


def test_a_booked_parcel_comes_back_and_goes_again(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    order = connected.paid_order(2, 3)
    parcel_id = connected.pack(order)
    book_parcel(connected.merchant_id, parcel_id)
    assert confirm_by(connected, order) is not None
    assert ask_back(connected, parcel_id) == "cancelling"
    assert ask_back(connected, parcel_id) == "cancelling"
    assert cancel_booked(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    assert (parcel.state, parcel.problem, parcel.check_at) == ("void", "", None)
    assert [each["phase"] for each in sandbox.parcels(parcel_id.hex)] == ["cancelled"]
    assert connected.stock(order) == (ON_HAND, 2, ON_HAND)
    assert connected.stock(order, 1) == (ON_HAND, 3, ON_HAND)
    assert confirm_by(connected, order) is None
    with connected.scope():
        assert set(Reservation.objects.values_list("state", flat=True)) == {"held"}
    told = [name for name in connected.events(parcel_id) if name != "parcel.moved"]  # told at any time
    assert told[-2:] == ["parcel.cancel_asked", "parcel.voided"]
    again = connected.pack(order)
    book_parcel(connected.merchant_id, again)
    assert connected.parcel(again).state == "shipped"
    assert connected.stock(order) == (ON_HAND - 2, 0, ON_HAND - 2)


def test_a_typed_number_is_free_again(shop: Shop) -> None:
    wrong, right = shop.paid_order(1), shop.paid_order(1)
    parcel_id = shop.pack(wrong, "SF1000000001")
    assert ask_back(shop, parcel_id) == "void"
    assert shop.stock(wrong) == (ON_HAND, 1, ON_HAND)
    other = shop.pack(right, "SF1000000001")
    assert shop.parcel(other).state == "shipped"


def test_what_is_collected_goes_its_way(connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint) -> None:
    order = connected.paid_order(1)
    parcel_id = connected.pack(order)
    book_parcel(connected.merchant_id, parcel_id)
    assert ask_back(connected, parcel_id) == "cancelling"
    sandbox.control("advance", number=connected.parcel(parcel_id).waybill_no)
    assert cancel_booked(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    assert (parcel.state, parcel.problem) == ("in_transit", "cancel_refused")
    assert connected.stock(order) == (ON_HAND - 1, 0, ON_HAND - 1)
    with pytest.raises(ParcelNotCancellable):
        ask_back(connected, parcel_id)


def test_killed_after_the_carrier_said_yes(connected: Shop, endpoint: Endpoint) -> None:
    """The answer was lost: the sweep asks again, is refused, and reads from the way that it was cancelled."""
    order = connected.paid_order(1)
    parcel_id = connected.pack(order)
    book_parcel(connected.merchant_id, parcel_id)
    ask_back(connected, parcel_id)
    with connected.scope():
        asking = _begin(parcel_id)
    assert asking is not None and _ask(*asking) is None
    assert connected.parcel(parcel_id).state == "cancelling"
    sweep_parcels(clock.now() + timedelta(minutes=5), limit=EVERY_PARCEL)
    assert connected.parcel(parcel_id).state == "void"
    assert connected.stock(order) == (ON_HAND, 1, ON_HAND)


def test_a_dead_gateway_keeps_it_waiting(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    ask_back(connected, parcel_id)
    with connected.scope():
        CarrierAccount.objects.filter(effective_to=None).update(gateway_url="http://127.0.0.1:9")
    assert not cancel_booked(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    assert (parcel.state, parcel.problem) == ("cancelling", "gateway_down")


def test_only_what_is_shipped_and_paid(shop: Shop, sandbox: CarrierSandbox) -> None:
    shop.connect(Access("http://127.0.0.1:9", "k", "s", "c", "p"))
    parcel_id = shop.pack(shop.paid_order(1))
    with pytest.raises(ParcelNotCancellable):
        ask_back(shop, parcel_id)
