"""Giving back: once, whole, however often and by however many it is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.conftest import Cluster
from tests.finance.ledger.support import Crowd, superuser_of
from tests.terms.promotions.support import (
    a_claim,
    a_coupon,
    a_flash,
    a_group_buy,
    a_store,
    at_once,
    buy,
    counts,
    group_of,
    recorded,
)
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.locking import lock_promotions
from tongdao.terms.promotions.models import PromotionUse
from tongdao.terms.promotions.operations import return_uses
from tongdao.terms.promotions.refusals import CouponUsedUp


def test_what_is_given_back_can_be_used_again() -> None:
    store = a_store()
    coupon = a_coupon(store, quota=1, per_member=1)
    order = buy(store, a_claim(coupon))
    with pytest.raises(CouponUsedUp):
        buy(store, a_claim(coupon))
    with merchant_scope(store.merchant_id):
        assert len(return_uses([order.order_id], actor=SYSTEM)) == 1
    assert recorded(store, "promotion", coupon.id)[-1] == "promotion.returned"
    assert counts(store, coupon).used == 0
    buy(store, a_claim(coupon), member=order.member_id)
    assert counts(store, coupon).members == {order.member_id: 1}


def test_it_is_given_back_once() -> None:
    store = a_store()
    flash = a_flash(store)
    orders = [buy(store, a_claim(flash, units, off=units * 3_000)) for units in (1, 2, 3)]
    with merchant_scope(store.merchant_id):
        assert len(return_uses([orders[0].order_id, orders[1].order_id], actor=SYSTEM)) == 2
        assert return_uses([orders[1].order_id], actor=SYSTEM) == []
    assert counts(store, flash).used == 3
    with merchant_scope(store.merchant_id):
        assert return_uses([orders[0].order_id, orders[1].order_id], actor=SYSTEM) == []
    assert counts(store, flash).given == 9_000


def test_all_that_an_order_holds_goes_back_and_nothing_of_others() -> None:
    store, member = a_store(), uuid7()
    coupon, flash = a_coupon(store), a_flash(store)
    mine = buy(store, a_claim(coupon), a_claim(flash, 2), member=member)
    other = buy(store, a_claim(coupon), a_claim(flash), member=member)
    with merchant_scope(store.merchant_id):
        assert len(return_uses([mine.order_id], actor=SYSTEM)) == 2
        states = dict(PromotionUse.objects.values_list("order_id", "state"))
    assert states == {mine.order_id: "returned", other.order_id: "held"}
    assert (counts(store, coupon).used, counts(store, flash).used) == (1, 1)


def test_orders_without_a_use_or_of_another_merchant_change_nothing() -> None:
    store = a_store()
    coupon = a_coupon(store)
    order = buy(store, a_claim(coupon))
    with merchant_scope(a_store().merchant_id):
        assert return_uses([order.order_id, uuid7()], actor=SYSTEM) == []
    assert counts(store, coupon).used == 1


def test_many_at_once_give_back_once() -> None:
    store = a_store()
    coupon = a_coupon(store)
    orders = [buy(store, a_claim(coupon)).order_id for _ in range(6)]
    turns = [orders[turn:] + orders[:turn] for turn in range(4)]
    answers = at_once(store, [partial(return_uses, ids, actor=SYSTEM) for ids in turns])
    assert all(isinstance(answer, list) for answer in answers), answers
    assert sorted(len(answer) for answer in answers if isinstance(answer, list)) == [0, 0, 0, 6]
    assert counts(store, coupon).used == 0


def test_a_seat_that_is_given_back_is_free_again() -> None:
    store = a_store()
    offer = a_group_buy(store, size=2)
    first = buy(store, a_claim(offer, opens_group=True))
    second = buy(store, a_claim(offer, group=first.group))
    with merchant_scope(store.merchant_id):
        return_uses([second.order_id], actor=SYSTEM)
    assert group_of(store, first.group).taken == 1
    buy(store, a_claim(offer, group=first.group), member=second.member_id)
    assert group_of(store, first.group).taken == 2


def test_it_waits_for_whoever_places_before_it_touches_anything(cluster: Cluster) -> None:
    """The promotion's lock comes first; claiming the use before it would be the other half of a deadlock."""
    store = a_store()
    coupon = a_coupon(store)
    order = buy(store, a_claim(coupon)).order_id
    with ThreadPoolExecutor(1) as pool, superuser_of(cluster) as admin:
        crowd = Crowd(pool, admin)
        with merchant_scope(store.merchant_id):
            lock_promotions([coupon.id])
            second = crowd.start(store.merchant_id, partial(return_uses, [order], actor=SYSTEM))
            crowd.wait_until_blocked()
            assert len(return_uses([order], actor=SYSTEM)) == 1
        assert second.result() == []
    assert counts(store, coupon).used == 0
