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


def test_a_line_stops_where_nothing_is_known_and_nought_is_known() -> None:
    pieces = charts.runs([1, None, 0, 2, None, None, 4], 4)
    assert [[point.value for point in piece] for piece in pieces] == [[1], [0, 2], [4]]
    assert pieces[1][0].y == charts.HEIGHT and pieces[2][0].x == charts.WIDTH
    assert charts.runs([None, None], 0) == [] and charts.runs([], 0) == []


@given(st.lists(st.none() | st.integers(0, 10**12), max_size=60))
def test_pieces_stay_inside_their_frame_and_in_their_places(values: list[int | None]) -> None:
    top = max((value for value in values if value is not None), default=0)
    drawn = [point for piece in charts.runs(values, top) for point in piece]
    assert [point.value for point in drawn] == [value for value in values if value is not None]
    assert all(0 <= point.x <= charts.WIDTH and 0 <= point.y <= charts.HEIGHT for point in drawn)
