"""Each rule of pricing by an example."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.terms.promotions.drawing import (
    AT,
    HOUR,
    PRODUCTS,
    SKUS,
    a_coupon,
    a_flash,
    a_gift,
    a_group_buy,
    an_item,
)
from tongdao.foundation.money import Fen
from tongdao.terms.promotions.offers import Reduction
from tongdao.terms.promotions.pricing import Choice, Cut, Gift, Item, Offer, reduce

pytestmark = pytest.mark.pure
AUTO, NONE = Choice(), Choice(coupons=())


def off(items: list[Item], offers: list[Offer], choice: Choice = AUTO) -> int:
    return reduce(items, offers, choice, AT).off_fen


def said(told: Reduction) -> tuple[list[str], list[str]]:
    return [each.code for each in told.rejected], [each.code for each in told.missed]


@pytest.mark.parametrize(("threshold", "taken"), [(10_000, 500), (10_001, 0)])
def test_the_threshold_is_reached_exactly(threshold: int, taken: int) -> None:
    assert off([an_item(price=10_000)], [a_coupon(500, threshold_fen=threshold)]) == taken


@pytest.mark.parametrize(("most", "taken"), [(None, 1_500), (2_000, 1_500), (1_000, 1_000)])
def test_a_part_has_a_cap(most: int | None, taken: int) -> None:
    assert off([an_item(price=10_000)], [a_coupon(off_bps=1_500, most_off_fen=most)]) == taken


def test_parts_come_before_amounts_and_thresholds_look_before_coupons() -> None:
    part = a_coupon(off_bps=1_000, stacks=True)
    amount = a_coupon(500, stacks=True, threshold_fen=Fen(10_000))
    told = reduce([an_item(price=10_000)], [amount, part], AUTO, AT)
    assert [cut.off_fen for cut in told.lines[0]] == [1_000, 500]


def test_an_exclusive_one_wins_when_it_saves_more_than_all_stacking_ones() -> None:
    stacking = [a_coupon(300, stacks=True), a_coupon(400, stacks=True)]
    assert off([an_item()], [*stacking, a_coupon(701)]) == 701
    assert off([an_item()], [*stacking, a_coupon(699)]) == 700


def test_an_exclusive_one_beside_others_is_rejected() -> None:
    alone, stacking = a_coupon(900), a_coupon(100, stacks=True)
    told = reduce([an_item()], [alone, stacking], Choice(coupons=(alone.id, stacking.id)), AT)
    assert (told.off_fen, said(told)) == (100, (["coupons_do_not_combine"], []))


def test_a_code_holds_only_when_typed_and_in_any_case() -> None:
    coded = a_coupon(500, code="TEA")
    assert off([an_item()], [coded]) == 0
    assert off([an_item()], [coded], Choice(codes=(" tea ",))) == 500
    assert said(reduce([an_item()], [coded], Choice(coupons=(coded.id,)), AT))[0] == ["coupon_unknown"]


def test_a_typed_code_that_saves_less_is_kept_for_later() -> None:
    told = reduce([an_item()], [a_coupon(500, code="TEA"), a_coupon(600)], Choice(codes=("TEA",)), AT)
    assert (told.off_fen, said(told)) == (600, ([], ["better_offer"]))


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"left": 0}, "coupon_used_up"),
        ({"member_left": 0}, "limit_reached"),
        ({"ends_at": AT}, "promotion_ended"),
        ({"stopped": True}, "promotion_ended"),
        ({"starts_at": AT + HOUR, "ends_at": AT + 2 * HOUR}, "promotion_not_started"),
        ({"product_ids": frozenset({PRODUCTS[1]})}, "coupon_not_applicable"),
        ({"threshold_fen": Fen(99_999)}, "coupon_below_threshold"),
    ],
)
def test_what_was_typed_and_does_not_hold_is_said(rules: dict[str, object], why: str) -> None:
    told = reduce([an_item()], [a_coupon(500, code="TEA", **rules)], Choice(codes=("TEA",)), AT)
    assert (told.off_fen, told.claims, said(told)) == (0, (), ([why], []))


def test_unasked_coupons_that_do_not_hold_are_not_mentioned() -> None:
    assert said(reduce([an_item()], [a_coupon(500, left=0)], AUTO, AT)) == ([], [])


def test_the_lower_flash_price_holds_with_its_honest_base() -> None:
    offers = [a_flash(8_000), a_flash(7_000, base_fen=Fen(9_000))]
    told = reduce([an_item(quantity=2, price=10_000)], offers, NONE, AT)
    assert told.lines == ((Cut(offers[1].id, offers[1].kind, Fen(6_000), Fen(9_000)),),)
    assert [claim.units for claim in told.claims] == [2]


def test_a_base_above_todays_price_is_lowered_to_it() -> None:
    told = reduce([an_item(price=8_000)], [a_flash(7_000, base_fen=Fen(9_000))], NONE, AT)
    assert told.lines[0][0].base_fen == 8_000


def test_a_flash_price_above_the_public_one_is_nothing() -> None:
    assert off([an_item(price=7_000)], [a_flash(7_000)]) == 0


@pytest.mark.parametrize(
    ("rules", "why"), [({"left": 1}, "flash_sold_out"), ({"member_left": 1}, "limit_reached")]
)
def test_more_than_is_left_at_the_price_is_rejected_not_sold_dearer(rules: dict[str, int], why: str) -> None:
    told = reduce([an_item(quantity=2)], [a_flash(7_000, **rules)], NONE, AT)
    assert (said(told), told.claims) == (([why], []), ())


@pytest.mark.parametrize("rules", [{"left": 0}, {"member_left": 0}])
def test_where_nothing_is_left_the_public_price_is_told(rules: dict[str, int]) -> None:
    told = reduce([an_item()], [a_flash(7_000, **rules)], NONE, AT)
    assert (told.off_fen, told.rejected, len(told.missed)) == (0, (), 1)


def test_a_coupon_spares_reduced_goods_unless_it_says_so() -> None:
    items = [an_item(0, price=10_000), an_item(1, price=10_000)]
    for on_reduced, eligible in [(False, [0, 1_000]), (True, [700, 1_000])]:
        coupon = a_coupon(off_bps=1_000, on_reduced=on_reduced)
        told = reduce(items, [a_flash(7_000), coupon], AUTO, AT)
        cuts = [sum(cut.off_fen for cut in line if cut.promotion_id == coupon.id) for line in told.lines]
        assert cuts == eligible


def test_a_group_price_is_for_who_asks() -> None:
    offer = a_group_buy(6_000)
    assert off([an_item()], [offer], NONE) == 0
    told = reduce([an_item()], [offer], Choice(coupons=(), open_group=True), AT)
    assert [(claim.opens_group, claim.group, claim.off_fen) for claim in told.claims] == [(True, None, 4_000)]


def test_joining_names_the_group_and_a_strange_one_is_rejected() -> None:
    group, offer = UUID(int=77), a_group_buy(6_000)
    choice = Choice(coupons=(), group=group)
    assert said(reduce([an_item()], [offer], choice, AT)) == (["group_gone"], [])
    told = reduce([an_item()], [replace(offer, group_id=group)], choice, AT)
    assert [(claim.opens_group, claim.group) for claim in told.claims] == [(False, group)]


def test_an_order_takes_one_seat() -> None:
    told = reduce(
        [an_item(0), an_item(1)], [a_group_buy(6_000, 0), a_group_buy(6_000, 1)], Choice(open_group=True), AT
    )
    assert (said(told), told.claims) == ((["one_group_at_a_time"], []), ())


def test_a_lower_flash_price_comes_before_the_group() -> None:
    told = reduce([an_item()], [a_flash(5_000), a_group_buy(6_000)], Choice(open_group=True), AT)
    assert (told.off_fen, said(told)) == (5_000, ([], ["better_offer"]))


def test_a_gift_comes_by_what_the_goods_cost_before_coupons() -> None:
    gift = a_gift(2, threshold_fen=Fen(10_000))
    told = reduce([an_item(price=10_000)], [gift, a_coupon(5_000)], AUTO, AT)
    assert told.gifts == (Gift(SKUS[3], 2, gift.id, 1),)
    assert reduce([an_item(price=9_999)], [gift], AUTO, AT).gifts == ()


def test_gifts_that_ran_out_hold_nothing_up() -> None:
    told = reduce([an_item()], [a_gift(2, left=1)], AUTO, AT)
    assert (told.gifts, told.claims, said(told)) == ((), (), ([], ["gifts_gone"]))


def test_a_channel_always_has_something_to_collect() -> None:
    assert off([an_item(price=500)], [a_coupon(500)]) == 499
    assert off([an_item(price=500)], [a_coupon(off_bps=10_000)]) == 499


def test_nothing_bought_is_nothing_reduced() -> None:
    assert reduce([], [a_coupon(5), a_gift(), a_flash(5)], AUTO, AT) == Reduction(lines=())
