"""The cart: limits, and two who add at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.conftest import Cluster
from tests.support.builders import Shop, make_shop
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.operations import set_cart_line
from tongdao.trade.orders.operations.cart import MOST_LINES, MOST_UNITS
from tongdao.trade.orders.refusals import QuantityInvalid, TooManyLines

CROWD = 8


@pytest.fixture(scope="module")
def shop(cluster: Cluster) -> Shop:
    return make_shop((100,) * (MOST_LINES + 1))


def test_setting_adding_and_taking_out(shop: Shop) -> None:
    person, sku = uuid7(), shop.skus[0]
    with merchant_scope(shop.merchant_id):
        assert set_cart_line(person, sku, 2) == 2
        assert set_cart_line(person, sku, 3, add=True) == 5
        assert set_cart_line(person, sku, 1) == 1
        assert set_cart_line(person, sku, 0) == 0
        assert not CartLine.objects.filter(person_id=person).exists()


@pytest.mark.parametrize(
    ("there", "quantity", "add"),
    [(0, -1, False), (0, MOST_UNITS + 1, False), (0, 0, True), (1, MOST_UNITS, True)],
)
def test_a_quantity_that_does_not_fit_changes_nothing(
    shop: Shop, there: int, quantity: int, add: bool
) -> None:
    person, sku = uuid7(), shop.skus[0]
    with merchant_scope(shop.merchant_id):
        set_cart_line(person, sku, there)
        with pytest.raises(QuantityInvalid):
            set_cart_line(person, sku, quantity, add=add)
        assert sum(CartLine.objects.filter(person_id=person).values_list("quantity", flat=True)) == there


def test_a_cart_is_full_and_foreign_goods_are_none(shop: Shop) -> None:
    person = uuid7()
    with merchant_scope(shop.merchant_id):
        with pytest.raises(NotFound):
            set_cart_line(person, uuid7(), 1)
        for sku in shop.skus[:MOST_LINES]:
            set_cart_line(person, sku, 1)
        with pytest.raises(TooManyLines):
            set_cart_line(person, shop.skus[MOST_LINES], 1)
        assert set_cart_line(person, shop.skus[0], 1, add=True) == 2, "what is in it may still grow"


def test_of_many_who_add_at_once_none_is_lost(shop: Shop) -> None:
    person, sku, barrier = uuid7(), shop.skus[0], Barrier(CROWD)

    def add(_number: int) -> None:
        try:
            with merchant_scope(shop.merchant_id):
                barrier.wait()
                set_cart_line(person, sku, 1, add=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(add, range(CROWD)))
    with merchant_scope(shop.merchant_id):
        assert CartLine.objects.get(person_id=person).quantity == CROWD
