"""The harness itself: who goes on is as scheduled, who waits is seen, what ends badly is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.interleaving.conftest import Observer
from tests.interleaving.harness import bursts, in_turns
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope


def say(*words: str) -> Callable[[], str]:
    """A statement a word."""

    def work() -> str:
        with connection.cursor() as cursor:
            for word in words:
                cursor.execute("select %s::text", [word])
                cursor.execute(f"select '{word}'")
        return words[-1]

    return work


def lock(*numbers: int) -> Callable[[], None]:
    """Take advisory locks one after the other, in one transaction."""

    def work() -> None:
        with merchant_scope(uuid7()), connection.cursor() as cursor:
            for number in numbers:
                cursor.execute(f"select pg_advisory_xact_lock({number}) /* {number} */")

    return work


def who(steps: list[str]) -> list[int]:
    return [int(step.split(":")[0]) for step in steps]


@pytest.mark.parametrize(
    ("schedule", "course"),
    [([], [0, 0, 1, 1]), ([1], [1, 0, 0, 1]), ([0, 1, 0, 1], [0, 1, 0, 1]), ([1, 3, 5], [1, 1, 0, 0])],
)
def test_turns_are_taken_as_scheduled(observer: Observer, schedule: list[int], course: list[int]) -> None:
    told = in_turns([say("a"), say("b")], schedule, observer)
    assert who(told.steps) == course
    assert [one.value for one in told.outcomes] == ["a", "b"]


def test_who_waits_for_a_lock_is_passed_over_and_goes_on_when_it_is_free(observer: Observer) -> None:
    schedule = [0, 0, 1, 1, 1, 1, 1]  # the first holds the lock, the second asks for it in vain
    told = in_turns([lock(1, 2), lock(1, 3)], schedule, observer)
    taken = [step for step in told.steps if "advisory" in step]
    assert [step[0] + step[-4] for step in taken] == ["01", "11", "02", "13"]
    assert all(one.ok for one in told.outcomes)


def test_a_deadlock_is_told(observer: Observer) -> None:
    told = in_turns([lock(1, 2), lock(2, 1)], list(bursts([(0, 2), (1, 2), (0, 1), (1, 1)])), observer)
    errors = [one.error for one in told.outcomes if not one.ok]
    assert len(errors) == 1
    assert isinstance(errors[0], OperationalError)
    assert "deadlock detected" in str(errors[0])


def test_the_same_schedule_takes_the_same_course(observer: Observer) -> None:
    def once() -> list[str]:
        works = [lock(7, 8), lock(8), lock(7), say("x")]
        return in_turns(works, [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9], observer).steps

    first = once()
    assert [once() for _ in range(5)] == [first] * 5


def test_exceptions_are_outcomes(observer: Observer) -> None:
    def refuse() -> Any:
        raise NotFound()

    told = in_turns([refuse, say("a")], [0], observer)
    assert isinstance(told.outcomes[0].error, NotFound)
    assert told.outcomes[1].ok


def test_each_has_a_connection_of_its_own(observer: Observer) -> None:
    def pid() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            return int(cursor.fetchone()[0])

    told = in_turns([pid, pid, pid], [0, 1, 2], observer)
    assert len({one.value for one in told.outcomes}) == 3


def test_the_end_of_a_transaction_is_a_turn_of_its_own(observer: Observer) -> None:
    """Between the last statement and the commit others may go on: the lock is still held."""
    told = in_turns([lock(1), lock(1)], [0, 0, 1, 1, 1], observer)
    assert who(told.steps) == [0, 0, 1, 1]
    assert all(one.ok for one in told.outcomes)
