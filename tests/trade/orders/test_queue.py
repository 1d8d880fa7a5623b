"""The line of a web process: each wish is placed for whoever its token speaks for, and for nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.builders import a_request, make_shop
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest, issue_token, revoke_token
from tongdao.party.people.refusals import TokenInvalid
from tongdao.trade.orders.models import Order, Purchase
from tongdao.trade.orders.operations import NOBODY, Placed
from tongdao.trade.orders.operations.placing import place
from tongdao.trade.orders.queue import submit
from tongdao.trade.orders.refusals import OutOfStock
from tongdao.trade.orders.wishing import Spoken


def test_in_a_mixed_batch_each_order_is_its_own_buyers() -> None:
    shop = make_shop(stock=4)
    one, two, signed_in = create_guest(), create_guest(), create_guest()
    nobodys = a_request(shop, person_id=NOBODY)
    asked = [
        Spoken("td_made-up", nobodys),
        Spoken(issue_token(one), nobodys),
        a_request(shop, person_id=signed_in.id),
        Spoken(issue_token(two), nobodys),
        Spoken(issue_token(one), a_request(shop, 9, person_id=NOBODY)),
    ]
    answers = place(shop.merchant_id, asked)
    assert [type(answer) for answer in answers] == [TokenInvalid, Placed, Placed, Placed, OutOfStock]
    placed = [answer for answer in answers if isinstance(answer, Placed)]
    with merchant_scope(shop.merchant_id):
        persons = [Purchase.objects.get(pk=answer.purchase_id).person_id for answer in placed]
        assert persons == [one.id, signed_in.id, two.id]
        assert not Order.objects.filter(person_id=NOBODY).exists()


def test_the_same_key_of_two_buyers_is_two_orders_and_repeated_by_one_is_one() -> None:
    shop = make_shop()
    wish = a_request(shop, person_id=NOBODY)
    mine, theirs = issue_token(create_guest()), issue_token(create_guest())
    first, other, again = (submit(shop.merchant_id, Spoken(token, wish)) for token in (mine, theirs, mine))
    assert first.purchase_id != other.purchase_id
    assert again == replace(first, repeated=True)


def test_a_token_that_was_revoked_places_nothing() -> None:
    shop = make_shop()
    token = issue_token(create_guest())
    revoke_token(token)
    with pytest.raises(TokenInvalid) as refused:
        submit(shop.merchant_id, Spoken(token, a_request(shop, person_id=NOBODY)))
    assert isinstance(refused.value, Refusal) and refused.value.status == 401
    with merchant_scope(shop.merchant_id):
        assert not Order.objects.exists()
