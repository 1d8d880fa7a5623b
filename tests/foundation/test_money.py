from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.money import (
    FEN_MAX,
    BadMoney,
    Fen,
    MoneyField,
    apply_bps,
    format_yuan,
    parse_yuan,
    split,
)

pytestmark = pytest.mark.pure

amounts = st.integers(0, FEN_MAX).map(Fen)
weight_lists = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(amounts)
def test_what_is_written_reads_back(amount: Fen) -> None:
    assert parse_yuan(format_yuan(amount)) == amount


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("12.30", 1230), ("12.3", 1230), ("7", 700), ("0.01", 1), ("007", 700)],
)
def test_yuan_are_read_exactly(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1.",
        ".5",
        "1.234",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "inf",
        "1,000",
        "1_0",
        "\uff11\uff12",
        "\u0661",
        "¥1",
    ],
)
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(BadMoney):
        parse_yuan(text)


def test_the_largest_amount_is_the_largest_bigint() -> None:
    assert parse_yuan("92233720368547758.07") == FEN_MAX
    for text in ("92233720368547758.08", "9" * 17, "9" * 5000):
        with pytest.raises(BadMoney):
            parse_yuan(text)


@pytest.mark.parametrize("value", [1, 1.5, Decimal(1), None, b"1"])
def test_only_text_is_parsed(value: object) -> None:
    with pytest.raises(TypeError):
        parse_yuan(value)  # type: ignore[arg-type]  # the wrong type is the point


def test_negative_amounts_are_written_with_one_sign() -> None:
    assert [format_yuan(Fen(n)) for n in (-5, -100, -1234, 0)] == ["-0.05", "-1.00", "-12.34", "0.00"]


@given(st.integers(0, 10**14).map(Fen), st.integers(0, 20_000))
def test_a_rate_rounds_half_a_fen_up(amount: Fen, bps: int) -> None:
    exact = Fraction(amount * bps, 10_000)
    assert -Fraction(1, 2) < apply_bps(amount, bps) - exact <= Fraction(1, 2)


def test_rates_at_the_half() -> None:
    assert [apply_bps(Fen(n), 5000) for n in (1, 2, 3, 5)] == [1, 1, 2, 3]
    assert apply_bps(Fen(9_999), 1) == 1
    assert apply_bps(Fen(4_999), 1) == 0


@pytest.mark.parametrize(("amount", "bps"), [(-1, 10), (1, -10), (FEN_MAX, 10_001)])
def test_a_rate_of_nonsense_is_refused(amount: int, bps: int) -> None:
    with pytest.raises(BadMoney):
        apply_bps(Fen(amount), bps)


@given(amounts, weight_lists)
def test_parts_sum_to_the_total_and_are_nearly_exact(total: Fen, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or part == 0


@given(amounts, weight_lists)
def test_a_larger_weight_never_gets_less(total: Fen, weights: list[int]) -> None:
    by_weight = sorted(zip(weights, split(total, weights), strict=True), key=lambda pair: pair[0])
    for (light, less), (heavy, more) in pairwise(by_weight):
        assert light == heavy or less <= more


@given(amounts, weight_lists.flatmap(lambda ws: st.tuples(st.just(ws), st.permutations(range(len(ws))))))
def test_the_order_of_lines_moves_no_money(total: Fen, case: tuple[list[int], list[int]]) -> None:
    weights, order = case
    straight = sorted(zip(weights, split(total, weights), strict=True))
    shuffled_weights = [weights[i] for i in order]
    assert straight == sorted(zip(shuffled_weights, split(total, shuffled_weights), strict=True))


def test_equal_weights_go_by_index() -> None:
    assert split(Fen(5), [1, 1, 1]) == [2, 2, 1]
    assert split(Fen(2), [1, 3]) == [0, 2]
    assert split(Fen(0), [1, 2]) == [0, 0]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [0, 0]), (1, []), (1, [2, -1]), (0, [0])])
def test_an_impossible_split_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(BadMoney):
        split(Fen(total), weights)


@pytest.mark.parametrize("value", [True, 1.0, Decimal(1), "1", b"1"])
def test_the_column_takes_whole_fen_only(value: object) -> None:
    field = MoneyField()
    for convert in (field.to_python, field.get_prep_value):
        with pytest.raises(TypeError, match="whole fen"):
            convert(value)


def test_the_column_passes_fen_through() -> None:
    field = MoneyField(null=True)
    assert field.get_prep_value(Fen(-7)) == -7
    assert field.to_python(Fen(7)) == 7
    assert field.get_prep_value(None) is None
    with pytest.raises(BadMoney):
        field.get_prep_value(FEN_MAX + 1)


def test_migrations_see_a_plain_column() -> None:
    path, args, kwargs = MoneyField(default=0).deconstruct()[1:]
    assert (path, list(args), kwargs) == ("tongdao.foundation.money.MoneyField", [], {"default": 0})
    assert MoneyField().get_internal_type() == models.BigIntegerField().get_internal_type()
