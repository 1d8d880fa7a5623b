"""With a guard off the harness finds what goes wrong, and with it on the same search finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from tests.interleaving import naive
from tests.interleaving.conftest import Observer
from tests.interleaving.harness import Work, in_turns
from tests.interleaving.invariants import find_broken
from tests.interleaving.scratch import scratch_database
from tests.interleaving.test_histories import SCHEDULES
from tests.interleaving.world import Stage, World

Pair = Callable[[World], list[Work]]
TRIES = 100  # each control below finds its fault within a handful
ENOUGH = 25  # so many without a fault, where the guard is on
SEARCH = settings(
    max_examples=TRIES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", autouse=True)
def scratch(cluster: object) -> Iterator[None]:
    with scratch_database():
        yield


def search(stages: list[Stage], works: Pair, observer: Observer, tries: int = TRIES) -> set[str]:
    """The names of the invariants that the first bad schedule breaks; empty when there is none."""
    broken: list[str] = []

    def bad(schedule: list[int]) -> bool:
        world = World(stages)
        in_turns(works(world), schedule, observer)
        broken[:] = find_broken(world)
        return bool(broken)

    try:
        find(SCHEDULES, bad, settings=settings(SEARCH, max_examples=tries))
    except NoSuchExample:
        return set()
    return {fault.split(":")[0] for fault in broken}


def unlocked_places(world: World) -> list[Work]:
    return [naive.place_unlocked(world, world.request(key)) for key in (0, 1)]


def locked_places(world: World) -> list[Work]:
    return [world.place(0), world.place(1)]


def test_without_the_stocks_lock_and_check_it_oversells(observer: Observer) -> None:
    assert "stock_is_not_oversold" in search([], unlocked_places, observer)


def test_with_the_lock_alone_it_does_not(observer: Observer) -> None:
    """The check is off here too: each of the two is enough."""
    assert search([], locked_places, observer, ENOUGH) == set()


def one_payment_twice(world: World) -> list[Work]:
    return [naive.capture_unlocked(world, world.unpaid), naive.capture_unlocked(world, world.unpaid)]


def payment_and_closing(world: World) -> list[Work]:
    return [naive.capture_unlocked(world, world.unpaid), world.expire(world.unpaid)]


def test_without_the_purchases_lock_a_payment_told_twice_is_given_back(observer: Observer) -> None:
    """The order is paid for and the money goes back: the second capture finds no order that waits."""
    assert "captured_money_is_sold_for_or_given_back" in search(["unpaid"], one_payment_twice, observer)


def test_with_it_a_payment_told_twice_counts_once(observer: Observer) -> None:
    def works(world: World) -> list[Work]:
        return [world.pay(world.unpaid), world.pay(world.unpaid), world.expire(world.unpaid)]

    assert search(["unpaid"], works, observer, ENOUGH) == set()


def cancel_and_pack(world: World) -> list[Work]:
    return [naive.cancel_unlocked(world, world.paid), naive.pack_unlocked(world, world.paid)]


def test_without_the_orders_lock_both_cancel_and_pack_win(observer: Observer) -> None:
    assert "cancelled_or_packed" in search(["paid"], cancel_and_pack, observer)


def test_with_it_one_of_them_wins(observer: Observer) -> None:
    def works(world: World) -> list[Work]:
        return [world.cancel(world.paid), world.pack(world.paid)]

    assert search(["paid"], works, observer, ENOUGH) == set()
