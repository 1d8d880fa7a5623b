"""The price with its history: a crossed-out price is shown only where it was really asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.builders import Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.operations import set_price
from tongdao.goods.catalog.reading import PriceLine, price_line


def sold_since(days: int, price: int) -> Shop:
    with clock.shifted(timedelta(days=-days)):
        return make_shop((price,))


def change(shop: Shop, days_ago: int, price: int, stated: int | None = None) -> None:
    with clock.shifted(timedelta(days=-days_ago)), merchant_scope(shop.merchant_id):
        compare_at = None if stated is None else Fen(stated)
        set_price(shop.skus[0], Fen(price), compare_at=compare_at, actor=shop.owner)


def line(shop: Shop) -> PriceLine:
    with merchant_scope(shop.merchant_id):
        sku = Sku.objects.get(pk=shop.skus[0])
        stated = None if sku.compare_at_fen is None else Fen(sku.compare_at_fen)
        return price_line(sku.id, Fen(sku.price_fen), stated, at=clock.now())


def test_a_price_that_never_moved_has_no_lowest_and_nothing_crossed_out() -> None:
    found = line(sold_since(40, 10_000))
    assert (found.fen, found.lowest_fen, found.crossed_fen) == (10_000, None, None)
    assert found.since is not None
    assert (clock.now() - found.since).days == 40


@pytest.mark.parametrize(
    ("stated", "crossed"),
    [(9_000, 9_000), (12_000, 10_000), (None, None), (8_000, None)],
    ids=["as stated", "lowered to what was asked", "none stated", "not above the price"],
)
def test_the_crossed_out_price_is_bounded_by_the_week_before(stated: int | None, crossed: int | None) -> None:
    shop = sold_since(40, 10_000)
    change(shop, 3, 8_000, stated)
    assert line(shop).crossed_fen == crossed


def test_a_price_raised_only_to_be_lowered_is_no_base() -> None:
    shop = sold_since(40, 8_000)
    change(shop, 5, 15_000)
    change(shop, 2, 9_000, 15_000)
    assert line(shop).crossed_fen is None


def test_a_first_price_with_a_stated_one_crosses_nothing_out() -> None:
    shop = sold_since(3, 8_000)
    change(shop, 2, 8_000, 12_000)
    found = line(shop)
    assert found.crossed_fen is None
    assert found.since is not None
    assert (clock.now() - found.since).days == 3


@pytest.mark.parametrize(("moved", "lowest"), [(20, 6_000), (29, 6_000), (35, None)])
def test_the_lowest_of_thirty_days(moved: int, lowest: int | None) -> None:
    """Low until `moved` days ago, then 10,000: within 30 days the low price still counts."""
    shop = sold_since(60, 6_000)
    change(shop, moved, 10_000)
    assert line(shop).lowest_fen == lowest
