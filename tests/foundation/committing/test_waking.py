"""Who is answered wakes the next, one who left breaks no chain. One thread: each order of steps is exact."""

from __future__ import annotations

import pytest

from tongdao.foundation.committing.waiting import Item, NotYet, give


def items() -> list[Item[str, int]]:
    return [Item(name) for name in "abc"]


def test_each_gets_its_own_answer_in_turn() -> None:
    a, b, c = items()
    give([a, b, c], [1, ValueError("no"), 3])
    with pytest.raises(NotYet):
        c.answer(0.01)  # nobody has woken it yet
    assert a.answer(1) == 1
    with pytest.raises(ValueError, match="no"):
        b.answer(1)
    assert c.answer(1) == 3


def test_one_that_left_before_the_answer() -> None:
    a, b, c = items()
    b.leave()
    give([a, b, c], [1, 2, 3])
    assert (a.answer(1), c.answer(1)) == (1, 3)


def test_one_that_left_before_it_was_woken() -> None:
    a, b, c = items()
    give([a, b, c], [1, 2, 3])
    b.leave()
    assert (a.answer(1), c.answer(1)) == (1, 3)


def test_one_that_left_after_it_was_woken() -> None:
    a, b, c = items()
    give([a, b, c], [1, 2, 3])
    assert a.answer(1) == 1
    b.leave()
    assert c.answer(1) == 3


def test_the_first_left_and_so_did_the_last() -> None:
    a, b, c = items()
    a.leave()
    c.leave()
    give([a, b, c], [1, 2, 3])
    assert b.answer(1) == 2


def test_without_leaving_properly_the_chain_breaks() -> None:
    """What `leave` is for."""
    a, b, c = items()
    with pytest.raises(NotYet):
        a.answer(0.01)
    give([a, b, c], [1, 2, 3])
    with pytest.raises(NotYet):
        b.answer(0.01)


def test_nobody_is_there() -> None:
    give([], [])
