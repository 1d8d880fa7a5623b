"""A payout in parts: nothing lost, nothing above the limit, as few as can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.money import Fen
from tongdao.rewards.settlement.parts import parts_of

pytestmark = pytest.mark.pure


@given(amount=st.integers(10, 10_000_000), most=st.integers(20, 30_000))
def test_the_parts_are_the_whole(amount: int, most: int) -> None:
    parts = parts_of(Fen(amount), Fen(10), Fen(most))
    assert sum(parts) == amount
    assert all(10 <= part <= most for part in parts)
    assert len(parts) == -(-amount // most)
    assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize(
    ("amount", "least", "most"), [(9, 10, 20_000), (0, 10, 20_000), (50, 30, 20), (21, 20, 20)]
)
def test_what_cannot_be_sent_is_refused(amount: int, least: int, most: int) -> None:
    with pytest.raises(ValueError, match="fen in parts"):
        parts_of(Fen(amount), Fen(least), Fen(most))
