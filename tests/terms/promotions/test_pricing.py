"""What must hold of every reduction, whatever is bought and offered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.promotions.drawing import AT, a_coupon, an_item, carts, coupons, goods
from tongdao.foundation.money import Fen
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.offers import Reduction
from tongdao.terms.promotions.pricing import Choice, Item, Offer, reduce

pytestmark = pytest.mark.pure
Cart = tuple[list[Item], list[Offer], Choice]


def costs(items: list[Item], told: Reduction) -> list[int]:
    return [item.price_fen * item.quantity - told.line_off(n) for n, item in enumerate(items)]


@given(carts())
def test_no_line_falls_below_nothing_and_coupons_leave_something(cart: Cart) -> None:
    items, offers, choice = cart
    told = reduce(items, offers, choice, AT)
    left = costs(items, told)
    assert len(told.lines) == len(items)
    assert all(cost >= 0 for cost in left)
    assert all(cut.off_fen > 0 for line in told.lines for cut in line)
    if any(item.price_fen for item in items):
        assert sum(left) > 0


@given(carts())
def test_claims_sum_to_what_the_lines_say(cart: Cart) -> None:
    told = reduce(*cart, AT)
    cuts: dict[object, int] = {}
    for cut in (cut for line in told.lines for cut in line):
        cuts[cut.promotion_id] = cuts.get(cut.promotion_id, 0) + cut.off_fen
    gifts = {gift.promotion_id for gift in told.gifts}
    assert {claim.promotion_id: claim.off_fen for claim in told.claims if claim.off_fen} == cuts
    assert {claim.promotion_id for claim in told.claims if not claim.off_fen} == gifts
    assert len({claim.promotion_id for claim in told.claims}) == len(told.claims)


@given(carts())
def test_nobody_gets_more_than_is_left_or_what_does_not_run(cart: Cart) -> None:
    items, offers, choice = cart
    known = {offer.id: offer for offer in offers}
    for claim in reduce(items, offers, choice, AT).claims:
        offer = known[claim.promotion_id]
        assert offer.running(AT)
        assert offer.left is None or claim.units <= offer.left
        assert offer.member_left is None or claim.units <= offer.member_left
        if offer.kind == Kind.FLASH:
            assert claim.units == sum(item.quantity for item in items if item.sku_id == offer.sku_id)


@given(carts(), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_offers_is_nothing(cart: Cart, dice: object) -> None:
    items, offers, choice = cart
    order = list(range(len(items)))
    dice.shuffle(order)  # type: ignore[attr-defined]  # hypothesis' own Random
    shuffled = list(offers)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    one = reduce(items, offers, choice, AT)
    other = reduce([items[n] for n in order], shuffled, choice, AT)
    assert other.lines == tuple(one.lines[n] for n in order)
    assert (other.claims, other.gifts) == (one.claims, one.gifts)
    assert {told.code for told in other.rejected} == {told.code for told in one.rejected}


@given(goods, st.lists(coupons, max_size=5))
def test_the_automatic_choice_is_never_worse_than_any_single_coupon(
    items: list[Item], offers: list[Offer]
) -> None:
    best = reduce(items, offers, Choice(), AT).off_fen
    for offer in offers:
        if not offer.code:
            assert best >= reduce(items, offers, Choice(coupons=(offer.id,)), AT).off_fen


@given(goods, coupons, st.integers(1, 5_000))
def test_a_better_coupon_never_costs_more(items: list[Item], offer: Offer, more: int) -> None:
    if offer.off_fen is not None:
        better = replace(offer, off_fen=Fen(offer.off_fen + more))
    else:
        better = replace(offer, off_bps=min((offer.off_bps or 0) + more, 10_000))
    one, other = (reduce(items, [each], Choice(), AT).off_fen for each in (offer, better))
    assert other >= one


@given(goods, coupons, st.integers(0, 5_000))
def test_a_lower_threshold_never_costs_more(items: list[Item], offer: Offer, less: int) -> None:
    easier = replace(offer, threshold_fen=Fen(max(offer.threshold_fen - less, 0)))
    one, other = (reduce(items, [each], Choice(), AT).off_fen for each in (offer, easier))
    assert other >= one


@given(carts())
def test_what_a_coupon_takes_off_lies_in_its_scope(cart: Cart) -> None:
    items, offers, choice = cart
    known = {offer.id: offer for offer in offers}
    for item, line in zip(items, reduce(items, offers, choice, AT).lines, strict=True):
        kinds = {cut.kind for cut in line}
        for cut in line:
            offer = known[cut.promotion_id]
            if cut.kind == Kind.COUPON:
                assert offer.covers(item)
                assert offer.on_reduced or not kinds & {Kind.FLASH, Kind.GROUP_BUY}


def test_coupons_take_from_each_line_by_its_part_of_the_sum() -> None:
    items = [an_item(0, price=1_000), an_item(1, price=1_000), an_item(2, price=1_000)]
    told = reduce(items, [a_coupon(100)], Choice(), AT)
    assert sorted(told.line_off(n) for n in range(3)) == [33, 33, 34]
