"""Orders by what people say on the phone: the end of a number, of a phone, what was ordered."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation import clock
from tongdao.foundation.events import run_reader
from tongdao.foundation.events.testing import assert_replay_equal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.lookup.models import OrderKey
from tongdao.trade.lookup.queries import orders_by_number_end, orders_by_phone_end, orders_with_skus
from tongdao.trade.orders.models import DeliveryAddress, Order


@pytest.fixture
def shop() -> Shop:
    """Two products; the first was ordered twice, the second once, all to a phone that ends 5678."""
    made = make_shop((5_000, 6_000))
    for skus in (made.skus[:1], made.skus[:1], made.skus[1:]):
        place_one(a_request(made, skus=skus), made)
    run_reader("lookup.orders", made.merchant_id)
    return made


def numbers(shop: Shop) -> dict[UUID, str]:
    with merchant_scope(shop.merchant_id):
        return dict(Order.objects.order_by("-id").values_list("id", "number"))


def test_the_end_of_a_number(shop: Shop) -> None:
    for id, number in numbers(shop).items():
        with merchant_scope(shop.merchant_id):
            assert id in orders_by_number_end(number[-4:])
            assert orders_by_number_end(number[-10:]) == [id]
            assert orders_by_number_end(number) == [id]
            assert orders_by_number_end("9" + number) == []
            assert orders_by_number_end(number[-3:]) == []


def test_the_end_of_a_phone(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        assert orders_by_phone_end("5678") == list(numbers_inside())
        assert orders_by_phone_end("5678", limit=2) == list(numbers_inside())[:2]
        assert orders_by_phone_end("1234") == orders_by_phone_end("678") == orders_by_phone_end("") == []


def numbers_inside() -> list[UUID]:
    return list(Order.objects.order_by("-id").values_list("id", flat=True))


def test_an_erased_address_is_not_found_by_its_phone(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        gone, *left = numbers_inside()
        purchase = Order.objects.get(pk=gone).purchase_id
        DeliveryAddress.objects.filter(purchase_id=purchase).update(erased_at=clock.now())
        assert orders_by_phone_end("5678") == left


def test_what_was_ordered(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        newest, *first = numbers_inside()
        assert orders_with_skus(shop.skus[:1]) == first
        assert orders_with_skus(shop.skus[1:]) == [newest]
        assert orders_with_skus(shop.skus) == [newest, *first]
        assert orders_with_skus([]) == []


def test_no_digit_of_a_phone_is_stored_and_two_merchants_differ(shop: Shop) -> None:
    other = make_shop()
    place_one(a_request(other), other)
    run_reader("lookup.orders", other.merchant_id)
    keys = []
    for made in (shop, other):
        with merchant_scope(made.merchant_id):
            keys.append(set(OrderKey.objects.filter(key__startswith="p").values_list("key", flat=True)))
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0].isdisjoint(keys[1])
    assert {len(key) for found in keys for key in found} == {65}  # an HMAC in hex, and nothing besides


def test_a_merchant_finds_only_its_own(shop: Shop) -> None:
    other = make_shop()
    number = next(iter(numbers(shop).values()))
    with merchant_scope(other.merchant_id):
        assert orders_by_number_end(number) == orders_by_phone_end("5678") == []
        assert orders_with_skus(shop.skus) == []


def test_the_keys_are_the_same_when_read_again(shop: Shop) -> None:
    assert assert_replay_equal("lookup.orders", shop.merchant_id, ignore=(), chunk=2) == 3
