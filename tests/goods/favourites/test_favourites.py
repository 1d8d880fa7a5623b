"""Favourites: kept once, a bounded list, what became of the price, and a guest's go along."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.support.builders import Shop, make_shop
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import set_price, set_published, set_saleable
from tongdao.goods.favourites import operations
from tongdao.goods.favourites.models import Favourite
from tongdao.goods.favourites.operations import drop_favourite, keep_favourite, take_over
from tongdao.goods.favourites.queries import count_favourites, favourites_of
from tongdao.goods.favourites.refusals import FavouritesFull
from tongdao.party.people.operations import create_guest


@pytest.fixture
def shop() -> Shop:
    return make_shop((12_800, 5_000, 900))


def _products(shop: Shop) -> list[UUID]:
    """In the order of the SKUs."""
    found = dict(Sku.objects.values_list("id", "product_id"))
    return [found[sku] for sku in shop.skus]


def test_twice_is_once_and_the_first_price_stays(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        tea, *_ = _products(shop)
        keep_favourite(me, tea)
        set_price(shop.skus[0], Fen(9_900), actor=shop.owner)
        keep_favourite(me, tea)
        (view,) = favourites_of(me)
        assert (view.product_id, view.change_fen) == (tea, -2_900)
        assert view.card is not None
        drop_favourite(me, tea)
        drop_favourite(me, tea)
        assert favourites_of(me) == []


def test_what_is_sold_no_more_stays_on_the_list_without_a_card(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        tea, cup, _ = _products(shop)
        for product in (tea, cup):
            keep_favourite(me, product)
        set_saleable(shop.skus[0], False, actor=shop.owner)
        set_published(cup, False, actor=shop.owner)
        assert [(view.product_id, view.card) for view in favourites_of(me)] == [(cup, None), (tea, None)]


def test_what_is_not_shown_cannot_be_kept(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        hidden = Product.objects.create(handle="hidden", title="未上架")
        for product_id in (hidden.id, uuid4()):
            with pytest.raises(NotFound):
                keep_favourite(me, product_id)


def test_the_list_has_an_end(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        rows = [Product(handle=f"p-{n}", title="茶", published=True) for n in range(operations.MOST)]
        Product.objects.bulk_create(rows)
        for product in rows:
            keep_favourite(me, product.id)
        with pytest.raises(FavouritesFull):
            keep_favourite(me, _products(shop)[0])
        keep_favourite(me, rows[0].id)  # what is there already is no refusal
        assert count_favourites(me) == operations.MOST


def test_a_guests_list_goes_along_without_doubles(shop: Shop) -> None:
    guest, me = create_guest().id, create_guest().id
    with merchant_scope(shop.merchant_id):
        tea, cup, pot = _products(shop)
        keep_favourite(me, tea)
        kept_at = Favourite.objects.get(person_id=me).kept_at
        for product in (tea, cup, pot):
            keep_favourite(guest, product)
        take_over(me, guest)
        assert {view.product_id for view in favourites_of(me)} == {tea, cup, pot}
        assert Favourite.objects.get(person_id=me, product_id=tea).kept_at == kept_at


def test_a_person_sees_its_own_at_all_merchants_and_nobody_elses() -> None:
    shops, me, other = [make_shop(), make_shop()], create_guest().id, create_guest().id
    for shop in shops:
        with merchant_scope(shop.merchant_id):
            for person in (me, other):
                keep_favourite(person, _products(shop)[0])
    with person_scope(me):
        found = list(Favourite.objects.values_list("merchant_id", "person_id"))
    assert sorted(found) == sorted((shop.merchant_id, me) for shop in shops)
