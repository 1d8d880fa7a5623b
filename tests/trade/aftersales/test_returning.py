"""What an order held of promotions is given back once, however it ends and whoever races for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import DatabaseError, connections
from django.db.models import F

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tests.support.promoting import make_coupon, make_flash, sound
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.terms.promotions.models import Promotion, PromotionUse
from tongdao.terms.promotions.refusals import FlashSoldOut
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.models import DiscountShare, Order
from tongdao.trade.orders.operations import Placed
from tongdao.trade.payments.operations import close_purchase, sweep_unpaid

Act = Callable[[Shop, Placed], object]


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((9_990,))
    sandbox.connect(made)
    return made


def buy(shop: Shop, person_id: UUID | None = None) -> Placed:
    return place_one(a_request(shop, 2, person_id=person_id), shop)


def test_an_order_that_ends_unpaid_gives_its_offers_back(shop: Shop) -> None:
    """And its buyer, who may use each only once, can have them again."""
    coupon = make_coupon(shop, per_member=1, quota=1, on_reduced=True)
    flash = make_flash(shop, 8_000, per_member=2, quota=2)
    buyer = create_guest().id
    placed = buy(shop, buyer)
    assert placed.total_fen == 2 * 8_000 - 1_000
    assert (sound(shop, coupon.id), sound(shop, flash.id)) == (1, 2)
    with pytest.raises(FlashSoldOut):
        buy(shop, buyer)
    with clock.shifted(timedelta(minutes=31)):
        sweep_unpaid(clock.now(), 100_000)
    assert (sound(shop, coupon.id), sound(shop, flash.id)) == (0, 0)
    assert buy(shop, buyer).total_fen == placed.total_fen


def test_a_cancelled_order_gives_its_offers_back(shop: Shop, sandbox: PaySandbox) -> None:
    """What the line tells of its discount stays: it is what was agreed."""
    coupon = make_coupon(shop)
    placed = paid(shop, sandbox)
    assert sound(shop, coupon.id) == 1
    with merchant_scope(shop.merchant_id):
        cancel_order(placed.order_ids[0], reason="other", actor=SYSTEM)
    assert sound(shop, coupon.id) == 0
    with merchant_scope(shop.merchant_id):
        assert [row.amount_fen for row in DiscountShare.objects.all()] == [1_000]


def paid(shop: Shop, sandbox: PaySandbox) -> Placed:
    buyer = create_guest().id
    placed = buy(shop, buyer)
    sandbox.pay(sandbox.open(shop, placed, buyer))
    return placed


def cancel(shop: Shop, placed: Placed) -> None:
    with merchant_scope(shop.merchant_id):
        cancel_order(placed.order_ids[0], reason="other", actor=SYSTEM)


def close(shop: Shop, placed: Placed) -> None:
    close_purchase(shop.merchant_id, placed.purchase_id, reason="buyer", actor=SYSTEM)


def give_back_unguarded(barrier: Barrier) -> Act:
    """As one would write it: read what is held, count it back, mark it."""

    def act(shop: Shop, placed: Placed) -> None:
        with merchant_scope(shop.merchant_id):
            held = list(PromotionUse.objects.filter(order_id=placed.order_ids[0], state="held"))
            barrier.wait(20)
            for use in held:
                Promotion.objects.filter(pk=use.promotion_id).update(
                    used=F("used") - use.units, given_fen=F("given_fen") - use.off_fen
                )
                PromotionUse.objects.filter(pk=use.id).update(state="returned")

    return act


def race(shop: Shop, placed: Placed, act: Act, many: int) -> list[str]:
    """What each of so many threads ended with."""

    def run(_: int) -> str:
        try:
            act(shop, placed)
        except (Refusal, DatabaseError) as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_many_who_end_an_order_give_its_coupon_back_once(shop: Shop, sandbox: PaySandbox, state: str) -> None:
    coupon = make_coupon(shop)
    buy(shop)  # another order holds it too, so that giving back twice would not show as less than nothing
    placed = paid(shop, sandbox) if state == "cancelled" else buy(shop)
    assert set(race(shop, placed, cancel if state == "cancelled" else close, 4)) == {"done"}
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get(pk=placed.order_ids[0]).state == state
    assert sound(shop, coupon.id) == 1


def test_the_race_would_be_lost_without_the_guard(shop: Shop) -> None:
    """Negative control: two who do the same unguarded count it back twice."""
    coupon = make_coupon(shop)
    buy(shop)
    placed = buy(shop)
    race(shop, placed, give_back_unguarded(Barrier(2)), 2)
    with pytest.raises(AssertionError):
        sound(shop, coupon.id)
