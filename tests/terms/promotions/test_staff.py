"""What staff may set, how it is refused field by field, and what the log keeps of it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.terms.promotions.support import (
    DAY,
    STAFF,
    a_claim,
    a_coupon,
    a_flash,
    a_gift,
    a_group_buy,
    a_store,
    at_once,
    buy,
    counts,
    period,
    recorded,
)
from tongdao.foundation import clock
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.operations import set_price
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.permissions import MATRIX
from tongdao.terms.promotions.checking import MOST_AT_ONCE
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.operations import change_promotion, create_coupon, stop_promotion
from tongdao.terms.promotions.refusals import (
    CodeTaken,
    LimitReached,
    PriceNotBelowBase,
    PromotionEnded,
    PromotionInvalid,
    QuotaBelowUsed,
    TooManyPromotions,
)

NOW = clock.now()


@pytest.mark.parametrize(
    ("make", "rules", "fields"),
    [
        (a_coupon, {"title": "  "}, ["title"]),
        (a_coupon, {"title": "长" * 61}, ["title"]),
        (a_coupon, {"code": "a b"}, ["code"]),
        (a_coupon, {"code": "券"}, ["code"]),
        (a_coupon, {"off_fen": None}, ["off_fen"]),
        (a_coupon, {"off_bps": 1_000}, ["off_fen"]),
        (a_coupon, {"off_fen": 0}, ["off_fen"]),
        (a_coupon, {"off_fen": 5.0}, ["off_fen"]),
        (a_coupon, {"off_fen": None, "off_bps": 10_001}, ["off_bps"]),
        (a_coupon, {"most_off_fen": 100}, ["most_off_fen"]),
        (a_coupon, {"threshold_fen": -1}, ["threshold_fen"]),
        (a_coupon, {"per_member": 0}, ["per_member"]),
        (a_coupon, {"quota": 0, "per_member": -1}, ["per_member", "quota"]),
        (a_coupon, {"starts_at": NOW + DAY, "ends_at": NOW + DAY}, ["ends_at"]),
        (a_coupon, {"starts_at": NOW - 2 * DAY, "ends_at": NOW - DAY}, ["ends_at"]),
        (a_coupon, {"product_ids": [uuid7()]}, ["product_ids"]),
        (a_flash, {"price_fen": 0}, ["price_fen"]),
        (a_flash, {"sku_id": uuid7()}, ["sku_id"]),
        (a_group_buy, {"group_size": 1}, ["group_size"]),
        (a_group_buy, {"group_hours": 0}, ["group_hours"]),
        (a_group_buy, {"group_size": 5, "quota": 4}, ["quota"]),
        (a_gift, {"gift_units": 0}, ["gift_units"]),
    ],
)
def test_every_wrong_field_is_named(make: Any, rules: dict[str, Any], fields: list[str]) -> None:
    store = a_store()
    with pytest.raises(PromotionInvalid) as refused:
        make(store, **rules)
    assert refused.value.details["fields"] == fields
    with merchant_scope(store.merchant_id):
        assert not Promotion.objects.exists()


def test_anothers_product_and_sku_are_none() -> None:
    mine, other = a_store(), a_store()
    with pytest.raises(PromotionInvalid):
        a_coupon(mine, product_ids=[other.product_id])
    with pytest.raises(PromotionInvalid):
        a_gift(mine, sku_id=other.sku_id)


@pytest.mark.parametrize("make", [a_flash, a_group_buy])
def test_a_price_lies_below_the_lowest_of_the_days_before(make: Any) -> None:
    """Also when the price was raised just before, which is the trick that the rule is against."""
    store = a_store(price=8_000)
    with merchant_scope(store.merchant_id):
        set_price(store.sku_id, Fen(12_000), actor=STAFF)
    for price in (8_000, 11_999):
        with pytest.raises(PriceNotBelowBase) as refused:
            make(store, price_fen=Fen(price))
        assert refused.value.details["base_fen"] == 8_000
    assert make(store, price_fen=Fen(7_999)).price_fen == 7_999
    with clock.shifted(8 * DAY):
        later = {"starts_at": clock.now(), "ends_at": clock.now() + DAY}
        assert make(store, price_fen=Fen(11_999), **later).price_fen == 11_999


def test_a_code_is_one_coupons_whatever_its_case() -> None:
    store = a_store()
    assert a_coupon(store, code=" tea-11 ").code == "TEA-11"
    with pytest.raises(CodeTaken):
        a_coupon(store, code="Tea-11")
    assert a_coupon(a_store(), code="TEA-11"), "another merchant's codes are its own"


def test_of_three_at_once_with_one_code_two_are_told() -> None:
    store = a_store()
    make = partial(create_coupon, **period(), off_fen=Fen(1), code="TEA")
    kinds = sorted(type(answer).__name__ for answer in at_once(store, [make, make, make]))
    assert kinds == ["CodeTaken", "CodeTaken", "Promotion"]


def test_coupons_for_everybody_have_an_end_in_number() -> None:
    store = a_store()
    made = [a_coupon(store) for _ in range(MOST_AT_ONCE)]
    for make in (a_coupon, a_gift):
        with pytest.raises(TooManyPromotions):
            make(store)
    assert a_coupon(store, code="TEA")
    assert a_flash(store)
    with merchant_scope(store.merchant_id):
        stop_promotion(made[0].id, actor=STAFF)
    assert a_coupon(store)


def test_the_log_keeps_the_rules_and_each_change_of_them() -> None:
    store = a_store()
    coupon = a_coupon(store, product_ids=[store.product_id], quota=10)
    with merchant_scope(store.merchant_id):
        change_promotion(coupon.id, quota=20, title="双十二", actor=STAFF)
        change_promotion(coupon.id, quota=20, actor=STAFF)
        assert stop_promotion(coupon.id, actor=STAFF).version == 3
        assert stop_promotion(coupon.id, actor=STAFF).version == 3
        events = timeline(Subject("promotion", coupon.id))
    assert [event.name for event in events] == ["promotion.created", "promotion.changed", "promotion.stopped"]
    assert (events[0].new or {})["product_ids"] == [str(store.product_id)]
    assert (events[1].old, events[1].new) == ({"quota": 10}, {"quota": 20})
    assert {event.actor for event in events} == {STAFF.id}


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (a_coupon, {"code": "NEW"}),
        (a_coupon, {"price_fen": Fen(5)}),
        (a_flash, {"sku_id": uuid7()}),
        (a_flash, {"used": 0}),
        (a_group_buy, {"group_size": 9}),
        (a_coupon, {"ends_at": NOW - 30 * DAY}),
        (a_coupon, {"off_bps": 5}),
    ],
)
def test_what_cannot_be_changed_is_named(make: Any, change: dict[str, Any]) -> None:
    store = a_store()
    promotion = make(store)
    with pytest.raises(PromotionInvalid), merchant_scope(store.merchant_id):
        change_promotion(promotion.id, **change, actor=STAFF)
    assert recorded(store, "promotion", promotion.id) == ["promotion.created"]


def test_a_changed_price_needs_its_base_too() -> None:
    store = a_store(price=10_000)
    flash = a_flash(store)
    with merchant_scope(store.merchant_id):
        assert change_promotion(flash.id, price_fen=Fen(6_500), actor=STAFF).version == 2
    with pytest.raises(PriceNotBelowBase), merchant_scope(store.merchant_id):
        change_promotion(flash.id, price_fen=Fen(10_000), actor=STAFF)


def test_a_quota_does_not_fall_below_what_is_used() -> None:
    store = a_store()
    flash = a_flash(store, quota=10)
    buy(store, a_claim(flash, 4))
    with pytest.raises(QuotaBelowUsed), merchant_scope(store.merchant_id):
        change_promotion(flash.id, quota=3, actor=STAFF)
    with merchant_scope(store.merchant_id):
        change_promotion(flash.id, quota=4, actor=STAFF)


def test_another_limit_holds_for_those_who_have_bought() -> None:
    store, much, little = a_store(), uuid7(), uuid7()
    flash = a_flash(store)
    buy(store, a_claim(flash, 3), member=much)
    buy(store, a_claim(flash, 1), member=little)
    with merchant_scope(store.merchant_id):
        flash = change_promotion(flash.id, per_member=2, actor=STAFF)
    with pytest.raises(LimitReached):
        buy(store, a_claim(flash), member=much)
    buy(store, a_claim(flash), member=little)
    with pytest.raises(LimitReached):
        buy(store, a_claim(flash), member=little)
    with merchant_scope(store.merchant_id):
        flash = change_promotion(flash.id, per_member=None, actor=STAFF)
    buy(store, a_claim(flash, 5), member=much)
    assert counts(store, flash).members == {much: 8, little: 2}


def test_what_was_stopped_stays_stopped_and_anothers_is_not_found() -> None:
    store = a_store()
    coupon = a_coupon(store)
    with merchant_scope(store.merchant_id):
        stop_promotion(coupon.id, actor=STAFF)
    with pytest.raises(PromotionEnded), merchant_scope(store.merchant_id):
        change_promotion(coupon.id, ends_at=clock.now() + timedelta(days=9), actor=STAFF)
    for operation in (change_promotion, stop_promotion):
        with pytest.raises(NotFound), merchant_scope(a_store().merchant_id):
            operation(coupon.id, actor=STAFF)


@pytest.mark.pure
def test_who_may() -> None:
    assert {role for role, may in MATRIX.items() if "promotions.edit" in may} == {Role.OWNER, Role.OPERATIONS}
    assert {role for role, may in MATRIX.items() if "promotions.read" in may} == set(Role)
