"""What a rule makes of a price: against exact fractions, for whatever price and rule."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.operations.pricing import MOST_FEN
from tongdao.goods.editing.reckoning import (
    LEAST_BPS,
    MOST_BPS,
    PriceRule,
    ends_in,
    new_compare_at,
    new_price,
)

PRICES = st.integers(1, MOST_FEN)
BPS = st.integers(LEAST_BPS, MOST_BPS)
ENDINGS = st.sampled_from([None, 0, 90])


@given(PRICES, BPS)
def test_a_part_is_the_exact_one_to_the_nearest_fen_half_up(old: int, bps: int) -> None:
    exact = Fraction(old) * (10_000 + bps) / 10_000
    made = new_price(Fen(old), PriceRule("percent", bps))
    assert type(made) is int and made == floor(exact + Fraction(1, 2))


@given(PRICES, st.integers(-MOST_FEN, MOST_FEN))
def test_an_amount_is_added_whole(old: int, more: int) -> None:
    assert new_price(Fen(old), PriceRule("amount", more)) == old + more


@given(PRICES, PRICES)
def test_a_set_price_forgets_the_old_one(old: int, price: int) -> None:
    assert new_price(Fen(old), PriceRule("set", price)) == price


@given(st.integers(-MOST_FEN, 2 * MOST_FEN), st.sampled_from([0, 90]))
def test_an_ending_is_the_nearest_one_above_zero(fen: int, ending: int) -> None:
    made = ends_in(fen, ending)
    assert made > 0 and made % 100 == ending
    near = abs(made - fen)
    others = [other for other in (made - 100, made + 100) if other > 0]
    assert all(near < abs(other - fen) or (near == abs(other - fen) and other < made) for other in others)


@given(PRICES, PRICES, BPS, ENDINGS)
def test_who_was_dearer_is_not_cheaper_afterwards(one: int, other: int, bps: int, ending: int | None) -> None:
    rule = PriceRule("percent", bps, ending)
    less, more = sorted((one, other))
    assert new_price(Fen(less), rule) <= new_price(Fen(more), rule)


@given(PRICES, st.integers(-9_999, 0))
def test_a_discount_never_makes_dearer(old: int, bps: int) -> None:
    assert new_price(Fen(old), PriceRule("percent", bps)) <= old


@given(PRICES, st.none() | PRICES, PRICES, st.sampled_from(["keep", "old", "none"]))
def test_what_is_crossed_out_lies_above_the_price(
    old: int, stated: int | None, price: int, compare: str
) -> None:
    rule = PriceRule("set", price, compare=compare)  # type: ignore[arg-type]  # drawn from its words
    made = new_compare_at(Fen(old), None if stated is None else Fen(stated), price, rule)
    wanted = {"keep": stated, "old": old, "none": None}[compare]
    assert made == (wanted if wanted is not None and wanted > price else None)


@pytest.mark.parametrize(
    ("old", "rule", "made"),
    [
        (10_000, PriceRule("percent", -1_000), 9_000),
        (9_999, PriceRule("percent", -1_000), 8_999),
        (9_995, PriceRule("percent", -1_000), 8_996),  # 8995.5 fen
        (12_345, PriceRule("percent", 0, 90), 12_390),
        (12_345, PriceRule("percent", 0, 0), 12_300),
        (12_350, PriceRule("percent", 0, 0), 12_400),
        (40, PriceRule("percent", 0, 0), 100),
        (5, PriceRule("amount", -50, 90), 90),
        (500, PriceRule("amount", -600), -100),
    ],
)
def test_known_ones(old: int, rule: PriceRule, made: int) -> None:
    assert new_price(Fen(old), rule) == made
