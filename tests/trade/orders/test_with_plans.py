"""Orders freeze the rule that serves them: by goods, entrance, grade and own purchase."""

from __future__ import annotations

import pytest

from tests.foundation.journeys import journeys
from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.terms.plans.support import a_plan, an_earner, brought, earned_by
from tests.trade.orders.test_journeys import JOURNEYS
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.party.people.operations import create_guest
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import PromoterGrade
from tongdao.trade.orders.models import OrderLine, TouchCandidate
from tongdao.trade.orders.operations.placing import place

REST = Rule(rate_bps=100)


@pytest.fixture
def shop() -> Shop:
    return make_shop((10_000, 5_000))


def sold(shop: Shop, **wish: object) -> list[tuple[int, str]]:
    placed = place_one(a_request(shop, **wish), shop)  # type: ignore[arg-type]  # the builder's own
    assert placed.total_fen == 15_000
    return earned_by(shop, placed.order_ids[0])


def test_each_line_is_served_by_the_first_rule_that_holds(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        product = Sku.objects.get(pk=shop.skus[1]).product
        Product.objects.filter(pk=product.id).update(category="food")
    visitor = brought(shop, an_earner(shop))
    a_plan(shop, Rule(unit_fen=Fen(700), sku_id=shop.skus[0]), REST)
    assert sold(shop, visitor=visitor) == [(700, "plan:1.1"), (50, "plan:1.2")]
    a_plan(shop, Rule(rate_bps=900, category="food", most_fen=Fen(400)), REST)
    assert sold(shop, visitor=visitor) == [(100, "plan:2.2"), (400, "plan:2.1")]
    a_plan(shop, Rule(rate_bps=900, product_id=product.id), REST)
    assert sold(shop, visitor=visitor) == [(100, "plan:3.2"), (450, "plan:3.1")]


def test_the_entrance_of_the_touch_that_won_counts(shop: Shop) -> None:
    promoter = an_earner(shop)
    a_plan(shop, Rule(rate_bps=900, channel="weibo"), REST)
    assert sold(shop, visitor=brought(shop, promoter, "weibo"))[0] == (900, "plan:1.1")
    assert sold(shop, visitor=brought(shop, promoter, "chat"))[0] == (100, "plan:1.2")


def test_the_grade_of_the_moment_counts(shop: Shop) -> None:
    promoter, colleague = an_earner(shop), an_earner(shop)
    a_plan(shop, Rule(rate_bps=900, grade="银"), REST, grades=(Grade("银", Fen(1)),))
    visitor = brought(shop, promoter)
    assert sold(shop, visitor=visitor)[0] == (100, "plan:1.2")
    for grade, expected in (("银", 900), ("", 100)):
        with merchant_scope(shop.merchant_id):
            PromoterGrade.objects.create(
                promoter_id=promoter,
                grade=grade,
                plan_version=1,
                sales_fen=Fen(1),
                orders=1,
                refunded=0,
                effective_from=clock.now(),
            )
        assert sold(shop, visitor=visitor)[0][0] == expected
        assert sold(shop, visitor=brought(shop, colleague))[0][0] == 100


def test_own_purchases_earn_only_where_a_rule_says_so(shop: Shop) -> None:
    buyer = create_guest().id
    promoter, other = an_earner(shop, buyer), an_earner(shop)
    visitor = brought(shop, promoter)
    a_plan(shop, REST)
    assert sold(shop, visitor=visitor, person_id=buyer) == []
    a_plan(shop, Rule(rate_bps=300, sku_id=shop.skus[0], pays_own=True), REST)
    assert sold(shop, visitor=visitor, person_id=buyer) == [(300, "plan:2.1")]
    with merchant_scope(shop.merchant_id):
        line = OrderLine.objects.order_by("-id").first()
        assert line is not None
        assert line.promoter_id == promoter
        won = TouchCandidate.objects.get(order_id=line.order_id, won=True)
        assert won.touch.promoter_id == promoter
    assert sold(shop, visitor=brought(shop, other), person_id=buyer)[0] == (300, "plan:2.1")


def test_what_the_channel_leaves_is_the_most(shop: Shop) -> None:
    a_plan(shop, Rule(unit_fen=Fen(99_999)))
    placed = place_one(a_request(shop, visitor=brought(shop, an_earner(shop))), shop)
    assert [fen for fen, _ in earned_by(shop, placed.order_ids[0])] == [10_000, 5_000]


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        (Rule(rate_bps=900, budget_fen=Fen(10**6)), 0),
        (Rule(rate_bps=900, channel="moments"), 0),
        (Rule(rate_bps=900, grade="银"), 1),
    ],
)
def test_rules_cost_no_journey_but_grades_one(shop: Shop, rule: Rule, more: int) -> None:
    a_plan(shop, rule, REST, grades=(Grade("银", Fen(1)),))
    visitor, person = brought(shop, an_earner(shop)), create_guest().id
    place(shop.merchant_id, [a_request(shop, visitor=visitor, person_id=person)])
    again = a_request(shop, visitor=visitor, person_id=person)
    with journeys() as made:
        place(shop.merchant_id, [again])
    assert made() <= JOURNEYS + more
