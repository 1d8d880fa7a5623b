from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.faces.kit import charts

pytestmark = pytest.mark.pure
POINTS = st.lists(st.tuples(st.just("day"), st.integers(0, 10**12)), min_size=1, max_size=60)


@given(POINTS)
def test_a_stack_fills_its_width_to_the_unit(shares: list[charts.Point]) -> None:
    drawn = charts.stacked(shares)
    if sum(value for _, value in shares) == 0:
        assert drawn == []
        return
    assert sum(share.width for share in drawn) == 1000
    assert [share.x for share in drawn] == [sum(s.width for s in drawn[:i]) for i in range(len(drawn))]


@given(POINTS)
def test_columns_and_lines_stay_inside_their_frame(points: list[charts.Point]) -> None:
    for drawn in (*charts.columns(points), *charts.line(points)):
        assert 0 <= drawn.x <= drawn.x + drawn.width <= charts.WIDTH
        assert 0 <= drawn.y <= drawn.y + drawn.height <= charts.HEIGHT


def test_the_highest_value_is_the_highest_column() -> None:
    low, high, none = charts.columns([("a", 50), ("b", 100), ("c", 0)])
    assert (low.height, high.height, none.height) == (60, 120, 1)


def test_nothing_known_draws_nothing() -> None:
    assert (charts.columns([]), charts.line([]), charts.stacked([])) == ([], [], [])


def test_a_share_below_nought_is_no_share() -> None:
    assert charts.stacked([("a", 5), ("b", -1)]) == []
