"""`claim`: compare-and-set along a declared step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tenancy.planting import make
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.states import StateTable, UndeclaredTransition, claim
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.states import ORDER


def test_it_moves_those_that_stand_there_and_raises_their_version() -> None:
    with merchant_scope(uuid7()):
        waiting, closing = make(Order), make(Order)
        claim(ORDER, "placed", "closing", Order, [closing.id])
        moved = claim(ORDER, "placed", "paid", Order, [closing.id, waiting.id], close_reason="x")
        assert moved == [waiting.id]
        rows = Order.objects.in_bulk([waiting.id, closing.id])
        assert (rows[waiting.id].state, rows[waiting.id].version) == ("paid", 2)
        assert rows[waiting.id].close_reason == "x"
        assert (rows[closing.id].state, rows[closing.id].version) == ("closing", 2)
        assert rows[closing.id].close_reason == ""


def test_each_row_may_get_columns_of_its_own() -> None:
    with merchant_scope(uuid7()):
        rows = [make(Order) for _ in range(3)]
        moments = {row.id: clock.now() + timedelta(minutes=minutes) for minutes, row in enumerate(rows)}
        wanted = {id: {"paid_at": at, "close_reason": str(at.minute)} for id, at in moments.items()}
        claim(ORDER, "placed", "closing", Order, [rows[2].id])
        assert claim(ORDER, "placed", "paid", Order, wanted, ship_by=moments[rows[0].id]) == sorted(
            row.id for row in rows[:2]
        )
        found = Order.objects.in_bulk(list(moments))
        assert [found[row.id].version for row in rows] == [2, 2, 2]
        assert [found[row.id].paid_at for row in rows] == [moments[row.id] for row in rows[:2]] + [None]
        assert [found[row.id].close_reason for row in rows[:2]] == [
            str(moments[row.id].minute) for row in rows[:2]
        ]
        assert found[rows[1].id].ship_by == moments[rows[0].id]


def test_the_second_claim_gets_nothing() -> None:
    with merchant_scope(uuid7()):
        ids = sorted(make(Order).id for _ in range(3))
        assert claim(ORDER, "placed", "paid", Order, list(reversed(ids))) == ids
        assert claim(ORDER, "placed", "paid", Order, ids) == []


def test_it_does_not_reach_another_merchants_row() -> None:
    with merchant_scope(uuid7()):
        theirs = make(Order)
    with merchant_scope(uuid7()):
        assert claim(ORDER, "placed", "paid", Order, [theirs.id]) == []


def test_an_undeclared_step_is_an_error() -> None:
    with pytest.raises(UndeclaredTransition, match="order: closed → paid"), merchant_scope(uuid7()):
        claim(ORDER, "closed", "paid", Order, [])


def test_a_noun_has_one_table() -> None:
    with pytest.raises(ValueError, match="order"):
        StateTable("order", "a", frozenset({("a", "b")}))


def test_states_and_ends_follow_from_the_steps() -> None:
    assert ORDER.states == ("cancelled", "closed", "closing", "completed", "paid", "placed")
    assert ORDER.final == {"cancelled", "closed", "completed"}
