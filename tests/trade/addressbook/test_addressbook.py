"""The buyer's own addresses: one default as long as there are any, and nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection, connections

from tests.support.builders import Shop, an_address, make_shop
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.trade.addressbook import operations
from tongdao.trade.addressbook.models import KeptAddress
from tongdao.trade.addressbook.operations import (
    change_address,
    delete_address,
    keep_address,
    make_address_default,
)
from tongdao.trade.addressbook.queries import kept_addresses
from tongdao.trade.addressbook.refusals import AddressBookFull
from tongdao.trade.orders.refusals import AddressInvalid

HOME = an_address()


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def test_the_first_is_the_default_and_the_same_one_is_kept_once(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        first = keep_address(me, HOME)
        assert keep_address(me, replace(HOME, phone="138 1234 5678")) == first
        second = keep_address(me, replace(HOME, detail="同道路 2 号"))
        assert [(row.id, row.is_default) for row in kept_addresses(me)] == [(first, True), (second, False)]
        third = keep_address(me, replace(HOME, detail="同道路 3 号"), default=True)
        assert [row.id for row in kept_addresses(me)] == [third, second, first]


def test_after_the_default_one_another_becomes_it(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        ids = [keep_address(me, replace(HOME, detail=f"同道路 {n} 号")) for n in range(1, 4)]
        delete_address(me, ids[0])
        assert [(row.id, row.is_default) for row in kept_addresses(me)] == [(ids[2], True), (ids[1], False)]
        for id in ids[1:]:
            delete_address(me, id)
        assert kept_addresses(me) == []


def test_what_is_wrong_with_one_is_told_and_changes_nothing(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        id = keep_address(me, HOME)
        with pytest.raises(AddressInvalid):
            change_address(me, id, replace(HOME, phone="12"))
        change_address(me, id, replace(HOME, recipient="林大满"))
        assert kept_addresses(me)[0].recipient == "林大满"


def test_the_book_has_an_end(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        for number in range(operations.MOST):
            keep_address(me, replace(HOME, detail=f"同道路 {number} 号"))
        with pytest.raises(AddressBookFull):
            keep_address(me, replace(HOME, detail="别处 1 号"))


def test_another_buyers_book_is_not_there(shop: Shop) -> None:
    me, other = create_guest().id, create_guest().id
    with merchant_scope(shop.merchant_id):
        id = keep_address(me, HOME)
        for act in (make_address_default, delete_address):
            with pytest.raises(NotFound):
                act(other, id)
        with pytest.raises(NotFound):
            change_address(other, id, HOME)


def test_it_lies_sealed_in_the_database(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        keep_address(me, HOME)
        with connection.cursor() as cursor:
            cursor.execute("select kept_address::text from kept_address where person_id = %s", [me])
            (row,) = cursor.fetchone()
    assert not [text for text in (HOME.recipient, HOME.phone, HOME.detail) if text in row]


def test_of_two_defaults_at_once_there_is_one(shop: Shop) -> None:
    me = create_guest().id
    with merchant_scope(shop.merchant_id):
        ids = [keep_address(me, replace(HOME, detail=f"同道路 {n} 号")) for n in range(1, 4)]

    def choose(id: UUID) -> None:
        try:
            with merchant_scope(shop.merchant_id):
                make_address_default(me, id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(choose, ids * 8))
    with merchant_scope(shop.merchant_id):
        assert KeptAddress.objects.filter(person_id=me, is_default=True).count() == 1
