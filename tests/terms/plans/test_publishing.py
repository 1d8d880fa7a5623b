"""Versions of a plan: checked, in force from a moment on, never changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from tests.support.builders import Shop, make_shop
from tests.terms.plans.support import a_plan
from tongdao.foundation import clock
from tongdao.foundation.events import timeline
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.plans import refusals
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.plans.operations import publish_plan, set_plan, withdraw_plan
from tongdao.terms.plans.queries import plan_at, rule_named, rules_named

REST = Rule(rate_bps=500)
DAY = timedelta(days=1)


@pytest.fixture
def shop() -> Shop:
    return make_shop((10_000,))


def test_a_plan_is_read_as_it_was_published(shop: Shop) -> None:
    now = clock.now()
    rule = Rule(
        unit_fen=Fen(300),
        sku_id=shop.skus[0],
        category="food",
        channel="moments",
        grade="银",
        starts_at=now,
        ends_at=now + DAY,
        least_fen=Fen(1),
        most_fen=Fen(400),
        budget_fen=Fen(9_000),
        pays_own=True,
    )
    a_plan(shop, rule, REST, grades=(Grade("银", Fen(10_000), 500),))
    with merchant_scope(shop.merchant_id):
        plan = plan_at(clock.now())
        assert plan is not None
        told = timeline(CommissionPlan.objects.get())[0]
    read = plan.rules[0]
    assert (read.position, read.left_fen) == (1, 9_000)
    assert all(
        getattr(read, name) == getattr(rule, name) for name in ("unit_fen", "sku_id", "grade", "ends_at")
    )
    assert (plan.rest.rate_bps, plan.graded, plan.pays_own) == (500, True, True)
    assert plan.name(plan.rest) == "plan:1.2"
    assert (told.actor, told.payload["rules"]) == (shop.owner_id, 2)


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        ([], refusals.RulesMissing),
        ([REST] * 51, refusals.RulesMissing),
        ([Rule()], refusals.RewardUnclear),
        ([Rule(rate_bps=1, unit_fen=Fen(1))], refusals.RewardUnclear),
        ([Rule(rate_bps=5_001)], refusals.RateOutOfRange),
        ([Rule(unit_fen=Fen(0))], refusals.LimitsCrossed),
        ([Rule(rate_bps=1, least_fen=Fen(2), most_fen=Fen(1))], refusals.LimitsCrossed),
        ([Rule(rate_bps=1, channel="moments")], refusals.LastRuleBound),
        ([Rule(rate_bps=1, budget_fen=Fen(1))], refusals.LastRuleBound),
        ([REST, REST], refusals.RuleUnreachable),
        ([Rule(rate_bps=1, grade="金"), REST], refusals.GradeUnknown),
        ([Rule(rate_bps=1, product_id=uuid7()), REST], refusals.RuleGoodsUnknown),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(shop: Shop, rules: list[Rule], refusal: type[Refusal]) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(refusal):
        publish_plan(rules, actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        assert not CommissionPlan.objects.exists()


@pytest.mark.parametrize(
    "grades",
    [
        [Grade("银", Fen(1)), Grade("银", Fen(2))],
        [Grade("银", Fen(2)), Grade("金", Fen(2))],
        [Grade("", Fen(2))],
        [Grade("银", Fen(-1))],
        [Grade("银", Fen(1), 10_001)],
    ],
)
def test_grades_rise_and_have_names(shop: Shop, grades: list[Grade]) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(refusals.GradesInvalid):
        publish_plan([REST], grades, actor=shop.owner)


def test_a_plan_may_begin_later_and_be_withdrawn_until_then(shop: Shop) -> None:
    now = clock.now()
    with merchant_scope(shop.merchant_id):
        set_plan(100, actor=shop.owner)
        later = publish_plan([REST], effective_from=now + DAY, why="双十二", actor=shop.owner)
        with pytest.raises(refusals.PlanWaiting):
            set_plan(200, actor=shop.owner)
        assert [rate(clock.now()), rate(now + 2 * DAY)] == [100, 500]
        withdraw_plan(later.id, actor=shop.owner)
        withdraw_plan(later.id, actor=shop.owner)
        assert [rate(clock.now()), rate(now + 2 * DAY)] == [100, 100]
        set_plan(300, actor=shop.owner)
        assert rate(now + 2 * DAY) == 300
        with pytest.raises(refusals.PlanInPast):
            publish_plan([REST], effective_from=now, actor=shop.owner)
        with pytest.raises(refusals.PlanBegun):
            withdraw_plan(CommissionPlan.objects.get(version=3).id, actor=shop.owner)
        with pytest.raises(NotFound):
            withdraw_plan(uuid7(), actor=shop.owner)


def rate(at: object) -> int | None:
    plan = plan_at(at)  # type: ignore[arg-type]  # a moment
    return plan.rest.rate_bps if plan else None


@pytest.mark.parametrize(
    "statement",
    [
        "update commission_plan set effective_from = now()",
        "update commission_rule set rate_bps = 1",
        "delete from commission_plan",
        "delete from commission_rule",
    ],
)
def test_a_version_never_changes(shop: Shop, statement: str) -> None:
    a_plan(shop, REST)
    with pytest.raises(ProgrammingError, match="permission denied"), merchant_scope(shop.merchant_id):
        connection.cursor().execute(statement)


def test_what_lines_froze_is_found_again(shop: Shop) -> None:
    a_plan(shop, Rule(rate_bps=900, channel="moments"), REST)
    assert rule_named("plan:3.2") == (3, 2)
    assert rule_named("plan:3") == (3, 1)
    with merchant_scope(shop.merchant_id):
        found = rules_named(["plan:1.1", "plan:1.2", "plan:1"])
    assert [found[name].rate_bps for name in ("plan:1.1", "plan:1.2", "plan:1")] == [900, 500, 900]
