"""A plan tried on sales that were made: the sums are those that placing would have frozen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faces.console.support import paid_order, place_order
from tests.support.builders import Shop, make_shop
from tests.terms.plans.support import a_plan, an_earner, brought
from tests.terms.plans.test_matching import a_sale, plans
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.rewards.planning.models import PlanTrial
from tongdao.rewards.planning.operations import ask_trial, latest_trial, run_trial, trial_of, try_plan
from tongdao.rewards.planning.trying import Frozen, Trial, add, begin, result
from tongdao.terms.plans.matching import Rule
from tongdao.trade.aftersales.operations import cancel_order

REST = Rule(rate_bps=1_000)
PEOPLE = [uuid7() for _ in range(4)]
lines = st.lists(
    st.builds(Frozen, a_sale(), st.sampled_from(PEOPLE), st.integers(0, 10**6).map(Fen)), max_size=12
)


@pytest.mark.pure
@given(plans, lines)
def test_days_rules_and_promoters_each_sum_to_the_whole(rules: list[Rule], sold: list[Frozen]) -> None:
    tally = begin(rules)
    add(tally, sold)
    found = result(tally)
    for parts in (found.days, found.rules):
        assert sum(part.was_fen for part in parts) == found.was_fen == sum(line.was_fen for line in sold)
        assert sum(part.would_fen for part in parts) == found.would_fen
    assert sum(part.lines for part in found.rules) == found.lines == len(sold)
    by_position = {part.position: part for part in found.rules}
    for position, rule in enumerate(rules, 1):
        if rule.budget_fen is not None and position in by_position:
            assert by_position[position].would_fen <= rule.budget_fen
    assert all(one.more_fen > 0 for one in found.gain)
    assert all(one.more_fen < 0 for one in found.lose)
    assert len(found.gain) + len(found.lose) <= found.promoters


@pytest.mark.pure
@given(plans, lines, st.integers(0, 12))
def test_day_by_day_gives_what_all_at_once_gives(rules: list[Rule], sold: list[Frozen], cut: int) -> None:
    whole, parts = begin(rules), begin(rules)
    add(whole, sold)
    add(parts, sold[:cut])
    add(parts, sold[cut:])
    assert result(whole) == result(parts)


@pytest.fixture
def shop() -> Shop:
    """Two promoters with a paid order each, and orders that do not count."""
    shop = make_shop((10_000,), stock=100)
    a_plan(shop, REST)
    first, second = an_earner(shop), an_earner(shop)
    paid_order(shop, visitor=brought(shop, first, "weibo"))
    paid_order(shop, 3, visitor=brought(shop, second, "chat"))
    paid_order(shop)
    place_order(shop, visitor=brought(shop, first))
    undone = paid_order(shop, visitor=brought(shop, first))
    with merchant_scope(shop.merchant_id):
        cancel_order(undone, reason="other", actor=SYSTEM)
    return shop


def tried(shop: Shop, *rules: Rule) -> Trial:
    with merchant_scope(shop.merchant_id):
        found = try_plan(rules, clock.now())
    assert found is not None
    return found


def test_the_plan_that_held_gives_what_was_paid(shop: Shop) -> None:
    found = tried(shop, REST)
    assert (found.lines, found.promoters) == (2, 2)
    assert found.was_fen == found.would_fen == 4_000
    assert not found.gain and not found.lose


def test_what_would_be_is_told_by_rule_and_by_promoter(shop: Shop) -> None:
    found = tried(shop, Rule(unit_fen=Fen(2_000), channel="weibo"), Rule(rate_bps=500))
    assert [(one.position, one.lines, one.was_fen, one.would_fen) for one in found.rules] == [
        (1, 1, 1_000, 2_000),
        (2, 1, 3_000, 1_500),
    ]
    assert [one.more_fen for one in found.gain] == [1_000]
    assert [one.more_fen for one in found.lose] == [-1_500]


def test_budgets_begin_full_and_the_first_sales_take_them(shop: Shop) -> None:
    found = tried(shop, Rule(rate_bps=2_000, budget_fen=Fen(6_000)), Rule(rate_bps=0))
    assert [(one.position, one.would_fen) for one in found.rules] == [(1, 2_000), (2, 0)]
    found = tried(shop, Rule(rate_bps=2_000, budget_fen=Fen(8_000)), Rule(rate_bps=0))
    assert found.would_fen == 8_000


def test_own_purchases_count_as_own() -> None:
    shop, buyer = make_shop((10_000,)), create_guest().id
    a_plan(shop, Rule(rate_bps=1_000, pays_own=True))
    paid_order(shop, visitor=brought(shop, an_earner(shop, buyer)), person_id=buyer)
    assert tried(shop, REST).would_fen == 0
    assert tried(shop, Rule(rate_bps=500, pays_own=True)).would_fen == 500


def test_a_worker_gives_what_waiting_gives(shop: Shop) -> None:
    rules = (Rule(unit_fen=Fen(300), channel="chat"), REST)
    with merchant_scope(shop.merchant_id):
        row = ask_trial(rules)
        assert ask_trial(rules).id == row.id
    for _ in range(2):
        run_trial(shop.merchant_id, row.id)
    with merchant_scope(shop.merchant_id):
        done = latest_trial(rules)
        assert done is not None
        assert trial_of(done) == try_plan(rules, row.ends_at)
        assert latest_trial([REST]) is None
        assert PlanTrial.objects.count() == 1
    with clock.shifted(timedelta(days=2)), merchant_scope(shop.merchant_id):
        assert ask_trial(rules).id != row.id, "by then there are other sales"


def test_only_the_last_thirty_days_count(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        later = try_plan([REST], clock.now() + timedelta(days=31))
    assert later is not None
    assert later.lines == 0
