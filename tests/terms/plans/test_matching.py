"""Which rule serves and what it pays, for any plan and any order: never below 0, never too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.money import Fen
from tongdao.terms.plans.matching import Rule, Sale, agreed, earned, holds, match_all, with_left

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 1, tzinfo=UTC)
IDS = [UUID(int=n) for n in range(1, 4)]
fens = st.integers(1, 10**9).map(Fen)
maybe = st.none() | fens
times = st.none() | st.integers(-2, 2).map(lambda days: NOW + timedelta(days=days))
rewards = st.one_of(st.integers(0, 10_000).map(lambda bps: (bps, None)), fens.map(lambda fen: (None, fen)))


@st.composite
def a_rule(draw: st.DrawFn) -> Rule:
    rate, unit = draw(rewards)
    budget = draw(maybe)
    return Rule(
        rate_bps=rate,
        unit_fen=unit,
        product_id=draw(st.none() | st.sampled_from(IDS)),
        sku_id=draw(st.none() | st.sampled_from(IDS)),
        category=draw(st.sampled_from(["", "", "food", "drug"])),
        channel=draw(st.sampled_from(["", "", "moments"])),
        grade=draw(st.sampled_from(["", "", "银"])),
        starts_at=draw(times),
        ends_at=draw(times),
        least_fen=draw(maybe),
        most_fen=draw(maybe),
        budget_fen=budget,
        pays_own=draw(st.booleans()),
        left_fen=None if budget is None else Fen(draw(st.integers(0, budget))),
    )


@st.composite
def a_sale(draw: st.DrawFn) -> Sale:
    paid = draw(st.integers(0, 10**10))
    return Sale(
        sku_id=draw(st.sampled_from(IDS)),
        product_id=draw(st.sampled_from(IDS)),
        category=draw(st.sampled_from(["", "food", "drug"])),
        channel=draw(st.sampled_from(["", "moments", "weibo"])),
        grade=draw(st.sampled_from(["", "银", "金"])),
        at=NOW,
        quantity=draw(st.integers(1, 999)),
        paid_fen=Fen(paid),
        room_fen=Fen(draw(st.integers(-100, paid + 1_000))),
        own=draw(st.booleans()),
    )


plans = st.lists(a_rule(), min_size=1, max_size=8).map(
    lambda rules: [replace(rule, id=UUID(int=100 + n), position=n) for n, rule in enumerate(rules, 1)]
)
orders = st.lists(a_sale(), max_size=6)


@given(plans, orders)
def test_what_is_earned_is_never_negative_and_never_more_than_there_is(
    rules: list[Rule], sales: list[Sale]
) -> None:
    for sale, found in zip(sales, match_all(rules, sales).lines, strict=True):
        if found:
            assert type(found.fen) is int
            assert 0 <= found.fen <= max(0, min(sale.paid_fen, sale.room_fen))
            assert not (sale.own and not found.rule.pays_own and found.fen)


@given(plans, orders)
def test_the_first_rule_that_holds_serves_unless_its_budget_is_used_up(
    rules: list[Rule], sales: list[Sale]
) -> None:
    left = {rule.id: int(rule.left_fen or 0) for rule in rules}
    matched = match_all(rules, sales)
    for sale, found in zip(sales, matched.lines, strict=True):
        for rule in rules:
            if found and rule == found.rule:
                break
            spare = left[rule.id] > 0 and earned(rule, sale) <= left[rule.id]
            assert not holds(rule, sale) or (rule.budget_fen is not None and not spare)
        if found and found.rule.budget_fen is not None:
            left[found.rule.id] -= found.fen
            assert left[found.rule.id] >= 0
            assert found.rule.id in matched.looked


@given(plans, orders)
def test_budgets_pay_what_they_have_and_the_sums_agree(rules: list[Rule], sales: list[Sale]) -> None:
    matched = match_all(rules, sales)
    sums: dict[UUID | None, int] = {}
    for found in matched.lines:
        if found and found.fen and found.rule.budget_fen is not None:
            sums[found.rule.id] = sums.get(found.rule.id, 0) + found.fen
    assert matched.spent == sums
    by_id = {rule.id: rule for rule in rules}
    assert all(fen <= (by_id[id].left_fen or 0) for id, fen in matched.spent.items())
    assert set(matched.spent) <= matched.looked


@given(plans, orders)
def test_without_budgets_left_the_rules_without_one_serve(rules: list[Rule], sales: list[Sale]) -> None:
    empty = match_all(with_left(rules, {}), sales)
    plain = match_all([rule for rule in rules if rule.budget_fen is None], sales)
    assert [found and found.fen for found in empty.lines] == [found and found.fen for found in plain.lines]
    assert not empty.spent


@given(st.integers(0, 10_000), st.integers(0, 10**10), st.integers(1, 999))
def test_a_rate_is_rounded_half_up_on_what_was_paid(bps: int, paid: int, quantity: int) -> None:
    exact = Fraction(paid * bps, 10_000)
    assert agreed(Rule(rate_bps=bps), Fen(paid), quantity) == int(exact + Fraction(1, 2))


@given(fens, maybe, maybe, st.integers(0, 10**12), st.integers(1, 99))
def test_limits_count_for_each_unit(
    unit: Fen, least: Fen | None, most: Fen | None, paid: int, quantity: int
) -> None:
    if least and most and least > most:
        least, most = most, least
    fen = agreed(Rule(unit_fen=unit, least_fen=least, most_fen=most), Fen(paid), quantity)
    low, high = (least or 0) * quantity, (most or 10**12) * quantity
    assert fen == min(min(max(unit * quantity, low), high), paid)


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    rule = Rule(rate_bps=1, starts_at=NOW, ends_at=NOW + timedelta(days=1))
    sale = Sale(IDS[0], IDS[1], "", "", "", NOW, 1, Fen(100), Fen(100))
    assert holds(rule, sale)
    assert not holds(rule, replace(sale, at=NOW - timedelta(microseconds=1)))
    assert not holds(rule, replace(sale, at=NOW + timedelta(days=1)))


@pytest.mark.parametrize(
    "other",
    [{"product_id": IDS[0]}, {"sku_id": IDS[1]}, {"category": "drug"}, {"channel": "chat"}, {"grade": "金"}],
)
def test_all_conditions_of_a_rule_have_to_hold(other: dict[str, object]) -> None:
    sale = Sale(IDS[0], IDS[1], "food", "moments", "银", NOW, 1, Fen(100), Fen(100))
    rule = Rule(rate_bps=1, sku_id=IDS[0], product_id=IDS[1], category="food", channel="moments", grade="银")
    assert holds(rule, sale)
    assert not holds(replace(rule, **other), sale)  # type: ignore[arg-type]  # one field of the rule each
