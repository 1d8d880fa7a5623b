from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.faces.kit.money_text import NotFen, yuan, yuan_plain
from tongdao.faces.kit.templatetags import kit

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("fen", "text", "plain"),
    [(0, "0.00", "0.00"), (5, "0.05", "0.05"), (123450, "1,234.50", "1234.50"), (-5, "\u22120.05", "-0.05"),
     (-100, "\u22121.00", "-1.00"), (10**14, "1,000,000,000,000.00", "1000000000000.00")],
)  # fmt: skip
def test_fen_read_as_people_write_them(fen: int, text: str, plain: str) -> None:
    assert (yuan(fen), yuan_plain(fen)) == (text, plain)


@given(st.integers(-(10**18), 10**18))
def test_no_fen_is_lost(fen: int) -> None:
    sign = -1 if yuan_plain(fen).startswith("-") else 1
    whole, cents = yuan_plain(fen).lstrip("-").split(".")
    assert sign * (int(whole) * 100 + int(cents)) == fen


@pytest.mark.parametrize("wrong", [1.0, True, "68.00", None])
def test_only_whole_fen_are_a_price(wrong: object) -> None:
    with pytest.raises(NotFen):
        yuan(wrong)


def test_an_unknown_price_shows_a_dash_and_not_nought() -> None:
    assert (kit.yuan(None), kit.yuan(""), kit.yuan(0)) == ("—", "—", "0.00")
