"""What quotes, pages and staff read: what runs, for whom, with an honest base."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.terms.promotions.support import (
    DAY,
    STAFF,
    Bought,
    Store,
    a_claim,
    a_coupon,
    a_flash,
    a_gift,
    a_group_buy,
    a_member,
    a_store,
    buy,
    group_of,
    noting,
)
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.operations import set_price, set_prices
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.catalog.refusals import PriceBelowOffer
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.operations import return_uses, stop_promotion
from tongdao.terms.promotions.pricing import Choice, Item, Offer, reduce
from tongdao.terms.promotions.queries import (
    OfferBook,
    deals,
    flash_sales,
    promotion_list,
    promotion_record,
    read_offers,
    uses_of,
)


def book(store: Store, **asked: Any) -> OfferBook:
    with merchant_scope(store.merchant_id):
        return read_offers(clock.now(), **{"skus": [store.sku_id], **asked})


def offered(store: Store, **asked: Any) -> set[Any]:
    return {offer.id for offer in book(store, **asked).offers}


def priced(store: Store, offers: tuple[Offer, ...], choice: Choice, quantity: int = 1) -> Any:
    return reduce([Item(store.sku_id, store.product_id, quantity, Fen(10_000))], offers, choice, clock.now())


def test_all_that_runs_is_read_and_nothing_else() -> None:
    store = a_store()
    running = {make(store).id for make in (a_coupon, a_flash, a_group_buy, a_gift)}
    later = {"starts_at": clock.now() + DAY, "ends_at": clock.now() + 2 * DAY}
    makers: list[Any] = [a_coupon, a_flash, a_group_buy, a_gift]
    for make in makers:
        make(store, **later)
    stopped = a_coupon(store)
    with merchant_scope(store.merchant_id):
        stop_promotion(stopped.id, actor=STAFF)
    a_coupon(store, code="TEA")
    a_coupon(a_store())
    assert offered(store) == running
    with clock.shifted(1.5 * DAY):
        assert len(offered(store)) == 4
        assert not offered(store) & running


def test_who_stood_in_line_while_the_offer_ended_still_gets_it() -> None:
    store = a_store()
    flash = a_flash(store, ends_at=clock.now() + timedelta(hours=1))
    end = flash.ends_at
    with merchant_scope(store.merchant_id):
        offers = read_offers(end + timedelta(seconds=5), skus=[store.sku_id]).of(None)
        assert read_offers(end + timedelta(minutes=2), skus=[store.sku_id]).offers == ()
    item = Item(store.sku_id, store.product_id, 1, Fen(10_000))
    told = [reduce([item], offers, Choice(), end + timedelta(seconds=late)).off_fen for late in (-1, 0)]
    assert told == [3_000, 0]


def test_prices_are_read_for_the_skus_asked_only() -> None:
    store = a_store()
    a_flash(store), a_group_buy(store)
    gift = a_gift(store)
    assert offered(store, skus=[uuid7()]) == {gift.id}
    assert book(store).gift_skus == {store.sku_id}


def test_what_is_asked_for_is_read_to_say_why_it_does_not_hold() -> None:
    store = a_store()
    early = a_coupon(store, code="TEA", starts_at=clock.now() + DAY, ends_at=clock.now() + 2 * DAY)
    stopped = a_coupon(store)
    with merchant_scope(store.merchant_id):
        stop_promotion(stopped.id, actor=STAFF)
    choice = Choice(coupons=(stopped.id,), codes=("tea",))
    offers = book(store, codes=["tea"], coupons=[stopped.id]).of(None)
    assert {offer.id for offer in offers} == {early.id, stopped.id}
    told = priced(store, offers, choice)
    assert [each.code for each in told.rejected] == ["promotion_not_started", "promotion_ended"]


def test_an_offer_is_read_once_though_asked_for() -> None:
    store = a_store()
    coupon = a_coupon(store)
    coded = a_coupon(store, code="TEA")
    found = [offer.id for offer in book(store, codes=["TEA"], coupons=[coupon.id, coded.id]).offers]
    assert sorted(found) == sorted([coupon.id, coded.id])


def test_each_person_sees_what_is_left_for_him() -> None:
    store = a_store()
    flash = a_flash(store, quota=10, per_member=3)
    member, stranger = a_member(store), uuid7()
    buy(store, a_claim(flash, 2), member=member.id)
    read = book(store, persons=[member.person_id, stranger])
    for person, left in ((member.person_id, 1), (stranger, 3), (None, 3)):
        (offer,) = read.of(person)
        assert (offer.left, offer.member_left) == (8, left)
    assert priced(store, read.of(member.person_id), Choice(), 2).rejected[0].code == "limit_reached"
    assert priced(store, read.of(stranger), Choice(), 2).off_fen == 6_000


def test_the_group_asked_for_is_marked_while_it_can_be_joined() -> None:
    store = a_store()
    offer = a_group_buy(store, size=2)
    group = buy(store, a_claim(offer, opens_group=True)).group
    assert group is not None
    (found,) = book(store, groups=[group]).of(None, group)
    assert found.group_id == group
    assert book(store, groups=[group]).of(None)[0].group_id is None
    assert priced(store, (found,), Choice(group=group)).claims[0].group == group
    buy(store, a_claim(offer, group=group))
    assert book(store, groups=[group]).of(None, group)[0].group_id is None


def test_a_quote_and_its_placing_agree() -> None:
    store = a_store()
    a_coupon(store, on_reduced=True), a_flash(store, quota=5), a_gift(store)
    told = priced(store, book(store).of(None), Choice(), 2)
    bought = buy(store, *told.claims)
    assert isinstance(bought, Bought)
    with merchant_scope(store.merchant_id):
        uses = uses_of([bought.order_id])[bought.order_id]
        assert sum(use.off_fen for use in uses) == told.off_fen == 6_500
        assert {use.kind for use in uses} == {Kind.COUPON, Kind.FLASH, Kind.GIFT}
        assert not any(use.returned for use in uses)
        return_uses([bought.order_id], actor=SYSTEM)
        assert all(use.returned for use in uses_of([bought.order_id])[bought.order_id])


@pytest.mark.parametrize("people", [1, 64])
def test_a_batch_costs_as_many_statements_as_one(people: int) -> None:
    store = a_store()
    a_coupon(store, per_member=1), a_flash(store, per_member=1)
    sent: list[str] = []
    with (
        merchant_scope(store.merchant_id),
        connection.execute_wrapper(noting(sent)),
    ):
        read_offers(clock.now(), skus=[store.sku_id], persons=[uuid7() for _ in range(people)])
    assert len(sent) == 2


def test_the_base_is_the_lowest_of_the_days_before_the_sale() -> None:
    store = a_store(price=9_000)
    with merchant_scope(store.merchant_id):
        set_price(store.sku_id, Fen(12_000), actor=STAFF)
    flash = a_flash(store, price_fen=Fen(7_000), starts_at=clock.now())
    with merchant_scope(store.merchant_id):
        (seen,) = deals(clock.now(), skus=[store.sku_id]).flash
        (offer,) = read_offers(clock.now(), skus=[store.sku_id]).offers
        assert (seen.promotion_id, seen.base_fen, offer.base_fen) == (flash.id, 9_000, 9_000)
        set_price(store.sku_id, Fen(8_000), actor=STAFF)
        assert deals(clock.now(), skus=[store.sku_id]).flash[0].base_fen == 8_000, "never above today's"
        with pytest.raises(PriceBelowOffer) as refused:
            set_price(store.sku_id, Fen(7_000), actor=STAFF)
        assert refused.value.details == {"promotion_id": str(flash.id), "offer_fen": 7_000}
        set_prices([NewPrice(store.sku_id, Fen(7_000))], actor=STAFF)  # as a file does, which is not asked
        assert deals(clock.now(), skus=[store.sku_id]).flash == (), "no reduction, no deal"


def test_a_price_of_long_ago_is_no_base() -> None:
    store = a_store(price=9_000)
    with clock.shifted(-20 * DAY), merchant_scope(store.merchant_id):
        set_price(store.sku_id, Fen(12_000), actor=STAFF)
    a_flash(store, starts_at=clock.now())
    with merchant_scope(store.merchant_id):
        assert deals(clock.now(), skus=[store.sku_id]).flash[0].base_fen == 12_000


def test_a_page_announces_what_comes_and_sells_what_runs() -> None:
    store = a_store()
    running = a_flash(store, quota=2)
    coming = a_flash(store, price_fen=Fen(5_000), starts_at=clock.now() + DAY, ends_at=clock.now() + 2 * DAY)
    far = timedelta(days=30)
    a_flash(store, starts_at=clock.now() + far, ends_at=clock.now() + far + DAY)
    with merchant_scope(store.merchant_id):
        shown = deals(clock.now(), skus=[store.sku_id])
        assert [(deal.promotion_id, deal.running) for deal in shown.flash] == [
            (coming.id, False),
            (running.id, True),
        ]
        assert shown.price_of(store.sku_id) == shown.flash[1]
        assert shown.price_of(uuid7()) is None
        assert flash_sales(clock.now()) == shown.flash
    buy(store, a_claim(running, 2))
    with merchant_scope(store.merchant_id):
        assert deals(clock.now(), skus=[store.sku_id]).price_of(store.sku_id) is None, "nothing of it is left"


def test_a_page_names_the_coupons_and_gifts_for_its_goods() -> None:
    store = a_store()
    mine = a_coupon(store, product_ids=[store.product_id], quota=1)
    for_all = a_coupon(store)
    a_coupon(store, code="TEA")
    gift = a_gift(store)
    group = a_group_buy(store)
    with merchant_scope(store.merchant_id):
        here = deals(clock.now(), skus=[store.sku_id], products=[store.product_id])
        there = deals(clock.now(), skus=[], products=[uuid7()])
    assert {tag.promotion_id for tag in here.coupons} == {mine.id, for_all.id}
    assert [tag.promotion_id for tag in there.coupons] == [for_all.id]
    assert [tag.promotion_id for tag in here.gifts] == [gift.id]
    assert [(deal.promotion_id, deal.group_size) for deal in here.groups] == [(group.id, 2)]
    buy(store, a_claim(mine))
    with merchant_scope(store.merchant_id):
        tags = deals(clock.now(), skus=[], products=[store.product_id]).coupons
    assert {tag.promotion_id: tag.used_up for tag in tags} == {mine.id: True, for_all.id: False}


def test_staff_see_phase_uses_and_money() -> None:
    store = a_store()
    flash = a_flash(store, quota=4)
    buy(store, a_claim(flash, 3, off=9_000))
    coupon = a_coupon(store, starts_at=clock.now() + DAY, ends_at=clock.now() + 2 * DAY)
    with merchant_scope(store.merchant_id):
        rows, total = promotion_list(clock.now())
        assert [(row.id, row.phase) for row in rows] == [(coupon.id, "scheduled"), (flash.id, "running")]
        assert total == 2
        assert promotion_list(clock.now(), kind=Kind.FLASH, limit=1)[1] == 1
        assert promotion_list(clock.now(), offset=1)[0] == rows[1:]
        record = promotion_record(flash.id, clock.now())
        assert (record.used, record.given_fen, record.quota) == (3, 9_000, 4)
        assert promotion_record(flash.id, clock.now() + 2 * DAY).phase == "ended"
    buy(store, a_claim(flash))
    with merchant_scope(store.merchant_id):
        assert promotion_record(flash.id, clock.now()).phase == "used_up"
        stop_promotion(flash.id, actor=STAFF)
        assert promotion_record(flash.id, clock.now()).phase == "stopped"
    with pytest.raises(NotFound), merchant_scope(a_store().merchant_id):
        promotion_record(flash.id, clock.now())


def test_an_orders_uses_name_its_group() -> None:
    store = a_store()
    order = buy(store, a_claim(a_group_buy(store), opens_group=True, off=4_000))
    with merchant_scope(store.merchant_id):
        (use,) = uses_of([order.order_id, uuid7()])[order.order_id]
    assert (use.group_id, use.off_fen) == (group_of(store, order.group).id, 4_000)
