"""One order of locks, and the helper that takes them."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection

from tests.interleaving.harness import in_turns
from tests.tenancy.catalogue import superuser
from tests.tenancy.planting import make
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import LockOrderBroken, Rank, enter_rank, lock_rows
from tongdao.foundation.tenancy import OutsideScope, merchant_scope
from tongdao.goods.inventory.models import Reservation, Stock
from tongdao.trade.orders.models import Order


def test_the_order_is_that_of_the_design() -> None:
    assert [rank.name for rank in sorted(Rank)] == [
        "KEY", "PURCHASE", "ORDER", "ATTEMPT", "REFUND", "PARCEL", "STOCK", "QUOTA", "BUDGET", "PAYOUT",
        "COMMISSION", "ACCOUNT", "DAY",
    ]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(Rank)))
def test_a_lower_rank_may_not_follow_a_higher_one(lower: Rank, higher: Rank) -> None:
    with merchant_scope(uuid7()):
        enter_rank(lower)
        enter_rank(higher)
        enter_rank(higher)
        with pytest.raises(LockOrderBroken, match=f"{lower.name} after {higher.name}"):
            enter_rank(lower)


def test_the_helper_keeps_the_order_even_when_there_is_nothing_to_lock() -> None:
    with merchant_scope(uuid7()):
        assert lock_rows(Rank.STOCK, Stock, []) == []
        with pytest.raises(LockOrderBroken):
            lock_rows(Rank.ORDER, Order, [uuid7()])


def test_locks_are_taken_inside_a_scope() -> None:
    with pytest.raises(OutsideScope):
        lock_rows(Rank.ORDER, Order, [uuid7()])


def test_each_scope_begins_anew() -> None:
    for _ in range(2):
        with merchant_scope(uuid7()):
            enter_rank(Rank.KEY)
            enter_rank(Rank.DAY)


def test_it_returns_in_key_order_what_exists_and_is_ours() -> None:
    with merchant_scope(uuid7()):
        theirs = make(Order).id
    with merchant_scope(uuid7()):
        ours = sorted(make(Order).id for _ in range(3))
        assert lock_rows(Rank.ORDER, Order, [theirs, *reversed(ours), ours[0], uuid7()]) == ours


def two_stocks(merchant: UUID) -> list[UUID]:
    with merchant_scope(merchant):
        return sorted(make(Stock).id for _ in range(2))


def test_two_who_ask_in_different_order_do_not_deadlock() -> None:
    merchant = uuid7()
    ids = two_stocks(merchant)

    def lock(wanted: list[UUID]) -> object:
        with merchant_scope(merchant):
            return lock_rows(Rank.STOCK, Stock, wanted)

    with superuser() as observer:
        told = in_turns([lambda: lock(ids), lambda: lock(ids[::-1])], [0, 1, 0, 1, 0, 1], observer)
    assert [one.value for one in told.outcomes] == [ids, ids]


def test_a_locked_parent_takes_children_all_the_same() -> None:
    """FOR NO KEY UPDATE: others may insert rows that point at it meanwhile."""
    merchant = uuid7()
    ids = two_stocks(merchant)

    def hold() -> None:
        with merchant_scope(merchant), connection.cursor() as cursor:
            lock_rows(Rank.STOCK, Stock, ids)
            cursor.execute("select 'held'")

    def insert() -> None:
        with merchant_scope(merchant):
            make(Reservation, stock_id=ids[0])

    with superuser() as observer:
        told = in_turns([hold, insert], [0, 0, 0, *[1] * 20], observer)
    assert all(one.ok for one in told.outcomes), told
    order = [step[0] for step in told.steps]
    assert order == ["0"] * 3 + ["1"] * (len(order) - 3)
