"""The lines themselves: merchants in turn, each line in order, all of it bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.committing import Waiting
from tongdao.foundation.committing.waiting import Item

pytestmark = pytest.mark.pure
SHOPS = [UUID(int=number) for number in range(1, 6)]
ARRIVALS = st.lists(st.sampled_from(SHOPS), max_size=60)


def lined_up(arrivals: Sequence[UUID]) -> Waiting[int, None]:
    waiting: Waiting[int, None] = Waiting(most=1_000, most_each=1_000)
    for number, shop in enumerate(arrivals):
        assert waiting.add(shop, Item(number))
    return waiting


def taken(waiting: Waiting[int, None], most: int) -> list[tuple[UUID, list[int]]]:
    """Everything, batch by batch."""
    batches = []
    while waiting.count:
        shop, items = waiting.take(most)
        batches.append((shop, [item.wish for item in items]))
    return batches


def test_a_rush_at_one_shop_delays_a_neighbour_by_one_batch() -> None:
    waiting = lined_up([SHOPS[0]] * 100 + [SHOPS[1]])
    batches = taken(waiting, 10)
    assert [shop for shop, _ in batches[:3]] == [SHOPS[0], SHOPS[1], SHOPS[0]]
    assert len(batches) == 11


@given(arrivals=ARRIVALS, most=st.integers(1, 8))
def test_each_is_taken_once_in_its_shops_order_and_shops_take_turns(arrivals: list[UUID], most: int) -> None:
    batches = taken(lined_up(arrivals), most)
    for shop in set(arrivals):
        mine = [number for who, numbers in batches for number in numbers if who == shop]
        assert mine == [number for number, who in enumerate(arrivals) if who == shop]
    turns: Counter[UUID] = Counter()
    waits = {shop: -(-count // most) for shop, count in Counter(arrivals).items()}  # turns it needs
    for shop, numbers in batches:
        assert 1 <= len(numbers) <= most
        assert all(turns[shop] <= turns[other] for other in waits if turns[other] < waits[other])
        turns[shop] += 1


@given(arrivals=ARRIVALS, most=st.integers(1, 20), most_each=st.integers(1, 6))
def test_neither_a_line_nor_all_of_them_grow_beyond_their_bounds(
    arrivals: list[UUID], most: int, most_each: int
) -> None:
    waiting: Waiting[int, None] = Waiting(most=most, most_each=most_each)
    held: Counter[UUID] = Counter()
    for number, shop in enumerate(arrivals):
        room = held[shop] < most_each and held.total() < most
        assert waiting.add(shop, Item(number)) == room
        held[shop] += room
    assert waiting.count == held.total() == sum(waiting.length(shop) for shop in SHOPS)


def test_who_gives_up_is_not_taken_and_leaves_room() -> None:
    waiting: Waiting[int, None] = Waiting(most=2, most_each=2)
    first, second = Item[int, None](1), Item[int, None](2)
    assert waiting.add(SHOPS[0], first)
    assert waiting.add(SHOPS[0], second)
    assert waiting.drop(SHOPS[0], first)
    assert not waiting.drop(SHOPS[0], first), "it is gone"
    assert waiting.add(SHOPS[1], Item(3))
    assert taken(waiting, 9) == [(SHOPS[0], [2]), (SHOPS[1], [3])]


def test_who_is_being_committed_cannot_give_up_any_more() -> None:
    waiting: Waiting[int, None] = Waiting(most=2, most_each=2)
    item = Item[int, None](1)
    waiting.add(SHOPS[0], item)
    waiting.take(1)
    assert not waiting.drop(SHOPS[0], item)
    assert waiting.count == 0


def test_drained_lines_are_empty() -> None:
    waiting = lined_up([SHOPS[0], SHOPS[1], SHOPS[0]])
    assert sorted(item.wish for item in waiting.drain()) == [0, 1, 2]
    assert waiting.count == waiting.length(SHOPS[0]) == 0
