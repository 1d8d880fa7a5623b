"""Several questions in one journey: each gets its own rows, and an error is the one of its statement."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tests.foundation.journeys import journeys
from tongdao.foundation.reading import Asking, ask, gather, read


def doubled(number: int, times: int = 1) -> Asking[int]:
    """Asks `times` questions, one after the other."""
    for _ in range(times):
        rows = yield from ask("select %s::integer * 2", [number])
        number = rows[0][0]
    return number


def silent(value: str) -> Asking[str]:
    yield from ()
    return value


def test_each_finds_its_own() -> None:
    assert read(gather(doubled(1), silent("x"), doubled(3, 3), doubled(5, 2))) == [2, "x", 24, 20]


def test_it_takes_as_many_journeys_as_the_longest() -> None:
    read(gather(*(doubled(n, 3) for n in range(20))))  # the first time each statement is prepared, too
    with journeys() as made:
        read(gather(*(doubled(n, 3) for n in range(20))))
    assert made() == 3


def test_gathered_ones_can_be_gathered_again() -> None:
    with journeys() as made:
        assert read(gather(gather(doubled(1), doubled(2, 2)), doubled(4))) == [[2, 8], 8]
    assert made() == 2


def test_nothing_asked_is_no_journey() -> None:
    with journeys() as made:
        assert read(gather(silent("a"), silent("b"))) == ["a", "b"]
    assert made() == 0


def test_a_statement_that_gives_no_rows() -> None:
    assert read(gather(ask("set local statement_timeout = 9000"), doubled(1))) == [[], 2]


def test_an_error_is_djangos_and_leaves_a_usable_connection() -> None:
    with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic():
        read(gather(doubled(1), ask("select 1 / %s::integer", [0]), doubled(2)))
    assert read(doubled(2)) == 4


def test_each_statement_sees_what_the_one_before_it_wrote() -> None:
    table = ask("create temporary table seen (n integer) on commit drop")
    with transaction.atomic():
        insert = ask("insert into seen values (%s::integer)", [7])
        found = read(gather(table, insert, ask("select n from seen")))
    assert found[2] == [(7,)]


def test_wrappers_see_every_statement() -> None:
    seen: list[str] = []

    def note(execute: object, sql: str, *rest: object) -> object:
        seen.append(sql)
        return execute(sql, *rest)  # type: ignore[operator]  # Django's own signature

    with connection.execute_wrapper(note):
        read(gather(doubled(1), doubled(2)))
    assert len(seen) == 2
