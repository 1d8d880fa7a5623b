"""The draft of a plan: changed piece by piece, by one at a time, and published as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.builders import Shop, make_shop
from tests.terms.plans.support import a_plan
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.plans import refusals
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.drafting import (
    discard_draft,
    draft_now,
    move_rule,
    publish_draft,
    put_draft,
    put_grades,
    put_rule,
    remove_rule,
)
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.queries import plan_at

A, B, REST = Rule(rate_bps=1, channel="weibo"), Rule(rate_bps=2, channel="chat"), Rule(rate_bps=3)


@pytest.fixture
def shop() -> Shop:
    return make_shop((10_000,))


def test_a_draft_begins_with_the_plan_in_force(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        assert [rule.rate_bps for rule in draft_now().rules] == [0]
    a_plan(shop, A, REST, grades=(Grade("银", Fen(5)),))
    with merchant_scope(shop.merchant_id):
        draft = draft_now()
        assert (draft.rules, draft.grades, draft.version) == ((A, REST), (Grade("银", Fen(5)),), 0)


def test_rules_are_put_moved_and_taken_out(shop: Shop) -> None:
    begins = clock.now() + timedelta(days=1)
    bound = Rule(unit_fen=Fen(9), sku_id=shop.skus[0], starts_at=begins, budget_fen=Fen(7))
    with merchant_scope(shop.merchant_id):
        put_rule(1, REST, seen=0)
        put_rule(0, A, seen=1)
        put_rule(0, B, seen=2)
        put_rule(2, bound, seen=3)
        assert draft_now().rules == (A, bound, REST)
        move_rule(2, -1, seen=4)
        assert draft_now().rules == (bound, A, REST)
        move_rule(1, 1, seen=5)
        remove_rule(1, seen=6)
        assert (draft_now().rules, draft_now().version) == ((bound, REST), 7)


def test_the_last_rule_stays_last_and_what_is_gone_is_told(shop: Shop) -> None:
    a_plan(shop, A, REST)
    for work in (
        lambda: move_rule(2, -1, seen=0),
        lambda: move_rule(1, 1, seen=0),
        lambda: move_rule(1, -1, seen=0),
        lambda: remove_rule(2, seen=0),
        lambda: put_rule(3, A, seen=0),
    ):
        with merchant_scope(shop.merchant_id), pytest.raises(refusals.RuleGone):
            work()


@pytest.mark.parametrize("seen", [0, 2])
def test_who_saw_another_draft_overwrites_nothing(shop: Shop, seen: int) -> None:
    with merchant_scope(shop.merchant_id):
        put_draft([A, REST], [], seen=0)
        for work in (
            lambda: put_draft([REST], [], seen=seen),
            lambda: put_grades([], seen=seen),
            lambda: publish_draft(seen=seen, actor=shop.owner),
        ):
            with pytest.raises(refusals.DraftChanged):
                work()
        assert draft_now().rules == (A, REST)


def test_published_it_is_a_plan_and_no_draft(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        put_draft([A, REST], [Grade("银", Fen(5), 100)], seen=0)
        publish_draft(seen=1, why="开学", actor=shop.owner)
        plan = plan_at(clock.now())
        assert plan is not None
        assert [rule.rate_bps for rule in plan.rules] == [1, 3]
        assert (draft_now().version, draft_now().grades) == (0, (Grade("银", Fen(5), 100),))


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [(Rule(), refusals.RewardUnclear), (Rule(rate_bps=9_999), refusals.RateOutOfRange)],
)
def test_what_is_wrong_with_a_rule_is_said_at_once(shop: Shop, rule: Rule, refusal: type[Refusal]) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(refusal):
        put_rule(0, rule, seen=0)


def test_what_is_wrong_with_the_whole_is_said_when_it_is_published(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        put_draft([Rule(rate_bps=1, grade="金"), REST], [], seen=0)
    with merchant_scope(shop.merchant_id), pytest.raises(refusals.GradeUnknown):
        publish_draft(seen=1, actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        assert draft_now().version == 1
        discard_draft()
        discard_draft()
        assert draft_now().version == 0
