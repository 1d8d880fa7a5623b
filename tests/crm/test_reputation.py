"""Reputation follows from the log, is exact, cannot be bought, and is the same when read again from zero."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crm.reputing import reputations, send, sold
from tests.faces.console.support import pay, place_order
from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tests.support.builders import a_request, place_one
from tests.trade.reviews.support import OPERATOR, buyer_of_order, lines_of, write
from tongdao.crm.reputation.models import Standing
from tongdao.crm.reputation.scoring import bps, score_hundredths
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.reach.traffic.operations import follow_link
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.operations import publish_plan
from tongdao.trade.aftersales.operations import cancel_order, refund_lines
from tongdao.trade.orders.models import Order
from tongdao.trade.reviews.operations import answer_review, take_down_review

COUNTS = st.lists(st.integers(0, 10_000), min_size=5, max_size=5)


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


def give(earner: Earner, order_id: UUID, units: int) -> None:
    line = lines_of(earner.shop, order_id)[0]
    with merchant_scope(earner.shop.merchant_id):
        refund_lines(order_id, {line: units}, freight="none", reason="quality", actor=SYSTEM)


@pytest.mark.pure
def test_the_formula_is_the_one_on_the_page() -> None:
    assert score_hundredths((0, 0, 0, 0, 1), 10, 40) == 409  # (10 × 4.0 + 5) ÷ 11
    assert score_hundredths((1, 0, 0, 0, 0), 10, 40) == 373
    assert score_hundredths((0, 0, 0, 0, 0), 10, 40) == 400
    assert score_hundredths((0, 0, 0, 0, 990), 10, 40) == 499
    assert [bps(1, 3), bps(2, 3), bps(0, 5), bps(9, 3), bps(1, 0)] == [3_333, 6_667, 0, 10_000, 0]


@pytest.mark.pure
@given(COUNTS, st.integers(0, 4))
def test_a_better_review_never_lowers_it_and_it_stays_between_one_and_five(
    counts: list[int], place: int
) -> None:
    before = score_hundredths(counts, 10, 40)
    assert 100 <= before <= 500
    better = [*counts[:place], counts[place] + 1, *counts[place + 1 :]]
    after = score_hundredths(better, 10, 40)
    assert after >= before if (place + 1) * 100 >= before else after <= before


def test_reviews_count_for_the_goods_the_shop_and_who_recommended_them(earner: Earner) -> None:
    for stars in (5, 5, 2):
        sold(earner, review=stars)
    for found in reputations(earner):
        assert (found.counts, found.reviews, found.stars) == ((0, 1, 0, 0, 2), 3, 12)
        assert found.score_hundredths == 400  # (10 × 4.0 + 12) ÷ 13
        assert found.returned.bps is None, "three orders tell of chance"


def test_a_buyer_counts_once_for_a_product(earner: Earner) -> None:
    first = sold(earner, review=1)
    buyer = buyer_of_order(earner.shop, first)
    assert buyer.id
    again = place_one(a_request(earner.shop, person_id=buyer.id), earner.shop).order_ids[0]
    pay(earner.shop, again)
    earner.receive(again)
    write(earner.shop, lines_of(earner.shop, again)[0], buyer, stars=5)
    assert reputations(earner)[0].counts == (1, 0, 0, 0, 0)


def test_what_whoever_earns_on_it_buys_and_praises_counts_for_nobody(earner: Earner) -> None:
    with merchant_scope(earner.shop.merchant_id):
        publish_plan([Rule(rate_bps=300, pays_own=True)], actor=earner.shop.owner)
    visitor = uuid4()
    follow_link(earner.link, visitor=visitor)
    own = place_order(earner.shop, visitor=visitor, person_id=earner.person.id)
    pay(earner.shop, own)
    with merchant_scope(earner.shop.merchant_id):
        lines = Order.objects.get(pk=own).lines
        assert list(lines.values_list("promoter_id", flat=True)) == [earner.promoter_id], "it is paid for it"
    earner.receive(own)
    write(earner.shop, lines_of(earner.shop, own)[0], buyer_of_order(earner.shop, own), stars=5)
    merchant, product, promoter = reputations(earner)
    assert (merchant.reviews, product.reviews, promoter.reviews) == (0, 0, 0)


def test_a_review_that_is_taken_down_counts_no_more(earner: Earner) -> None:
    order_id = sold(earner)
    line = lines_of(earner.shop, order_id)[0]
    review = write(earner.shop, line, buyer_of_order(earner.shop, order_id), stars=5)
    with merchant_scope(earner.shop.merchant_id):
        take_down_review(review.id, reason="unlawful", actor=OPERATOR)
    assert [each.score_hundredths for each in reputations(earner)] == [None, None, None]


def test_what_went_back_is_counted_in_units_and_a_cancelled_order_is_no_return(earner: Earner) -> None:
    for _ in range(4):
        sold(earner)
    back = sold(earner, units=4)
    give(earner, back, 2)
    cancelled = earner.sell()
    with merchant_scope(earner.shop.merchant_id):
        cancel_order(cancelled, reason="other", actor=earner.shop.owner)
    for found in reputations(earner):
        assert found.returned.bps == 2_500  # 2 of 8 units
    with merchant_scope(earner.shop.merchant_id):
        assert Standing.objects.get(kind="merchant").orders_sent == 5


def test_times_are_means_from_payment_and_late_orders_are_told(earner: Earner) -> None:
    waiting = [earner.sell() for _ in range(6)]
    for place, order_id in enumerate(waiting):
        with clock.shifted(timedelta(hours=12 if place < 3 else 84)):  # promised within 48 hours
            send(earner, order_id)
    merchant = reputations(earner)[0]
    assert merchant.in_time.bps == 5_000
    assert merchant.to_send.time is not None
    assert timedelta(hours=48) <= merchant.to_send.time < timedelta(hours=49)
    assert merchant.to_deliver.time is None


def test_how_quick_reviews_are_answered(earner: Earner) -> None:
    orders = [sold(earner) for _ in range(5)]
    for order_id in orders:
        review = write(
            earner.shop, lines_of(earner.shop, order_id)[0], buyer_of_order(earner.shop, order_id), stars=4
        )
        with clock.shifted(timedelta(hours=3)), merchant_scope(earner.shop.merchant_id):
            answer_review(review.id, "谢谢惠顾。", actor=earner.shop.owner)
    merchant = reputations(earner)[0]
    told = merchant.to_answer_reviews.time
    assert told is not None
    assert timedelta(hours=3) <= told < timedelta(hours=4)
    assert merchant.answered.whole == 0, "nobody waits for thanks"
