"""One reader at a time: chunks, failures, lost connections, replay."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import (
    Event,
    ReaderFailed,
    Subject,
    projection,
    reader_faults,
    reader_named,
    record,
    replay,
    run_reader,
)
from tongdao.foundation.events.positions import SnapshotTooLate, take_position
from tongdao.foundation.events.registry import BadReader
from tongdao.foundation.events.testing import WroteElsewhere, assert_replay_equal
from tongdao.foundation.events.work import list_work, reader_lag, reader_status
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope

Keep = Callable[[str, list[Event]], None]
Move = Callable[..., list[UUID]]
Handled = Callable[[UUID, str], list[UUID]]


def drain(name: str, merchant_id: UUID, limit: int = 1000) -> list[int]:
    counts = []
    while count := run_reader(name, merchant_id, limit=limit, wait=True):
        counts.append(count)
    return counts


def has_work(name: str, merchant_id: UUID) -> bool:
    return any(work.reader == name and work.merchant_id == merchant_id for work in list_work())


@pytest.fixture
def log(words: SimpleNamespace, tally: Any, keep: Keep) -> str:
    @projection("log", events=[words.Moved], tables=[tally])
    def log(batch: list[Event]) -> None:
        keep("log", batch)

    return "log"


def test_chunks_cover_everything_once_in_order(
    log: str, merchant: UUID, move: Move, handled: Handled
) -> None:
    ids = move(merchant, 25)
    assert has_work(log, merchant)
    assert drain(log, merchant, limit=10) == [10, 10, 5]
    assert not has_work(log, merchant)
    more = move(merchant, 10)
    assert has_work(log, merchant)
    assert drain(log, merchant, limit=10) == [10]
    assert not has_work(log, merchant)
    assert handled(merchant, log) == ids + more


def test_zero_says_that_nothing_is_left_also_when_a_full_chunk_ended_at_its_target(
    log: str, merchant: UUID, move: Move, handled: Handled
) -> None:
    """Seven of seven are read, so the target stays; what comes later lies beyond it."""
    first = move(merchant, 7)
    assert run_reader(log, merchant, limit=7) == 7
    later = move(merchant, 3)
    assert run_reader(log, merchant, limit=7) == 3
    assert handled(merchant, log) == first + later
    assert run_reader(log, merchant, limit=7) == 0


def test_events_of_other_names_are_passed_over(
    log: str, words: SimpleNamespace, merchant: UUID, move: Move, handled: Handled
) -> None:
    thing = uuid7()
    with merchant_scope(merchant):
        record(words.Lost(thing), subject=Subject("thing", thing), actor=SYSTEM)
    assert has_work(log, merchant)
    assert drain(log, merchant) == []
    assert not has_work(log, merchant)
    ids = move(merchant, 3)
    assert drain(log, merchant) == [3]
    assert handled(merchant, log) == ids


def test_one_merchants_reader_sees_no_other_merchant(
    log: str, merchant: UUID, move: Move, handled: Handled
) -> None:
    other = uuid7()
    mine, others = move(merchant, 3), move(other, 2)
    assert (drain(log, merchant), drain(log, other)) == ([3], [2])
    assert (handled(merchant, log), handled(other, log)) == (mine, others)


def test_a_failing_event_stops_its_reader_for_its_merchant_only(
    log: str, words: SimpleNamespace, merchant: UUID, move: Move, keep: Keep, handled: Handled, tally: Any
) -> None:
    poison = {"on": True}

    @projection("fussy", events=[words.Moved], tables=[tally])
    def fussy(batch: list[Event]) -> None:
        keep("fussy", batch)
        if poison["on"] and any(event.payload["steps"] == 13 for event in batch):
            raise ZeroDivisionError("thirteen steps")

    other = uuid7()
    before, bad, after = move(merchant, 12), move(merchant, 1, steps=13), move(merchant, 4)
    unharmed = move(other, 5)
    drain("fussy", merchant)
    assert handled(merchant, "fussy") == before  # nothing of the failing batch, nothing skipped
    (failure,) = [row for row in reader_status() if row.merchant_id == merchant]
    assert (failure.reader, failure.last_event) == ("fussy", bad[0])
    assert failure.last_error == "ZeroDivisionError: thirteen steps"
    assert failure.failures == 1
    assert not has_work("fussy", merchant)  # put off
    assert has_work(log, merchant)
    assert (drain("fussy", other), drain(log, merchant)) == ([5], [17])
    assert handled(other, "fussy") == unharmed
    run_reader("fussy", merchant)
    (again,) = [row for row in reader_status() if row.merchant_id == merchant]
    assert again.failures == 2
    assert again.retry_at > failure.retry_at
    poison["on"] = False
    drain("fussy", merchant)
    assert handled(merchant, "fussy") == before + bad + after
    assert [row for row in reader_status() if row.merchant_id == merchant] == []


def test_an_error_of_the_database_is_kept_without_its_row(
    words: SimpleNamespace, merchant: UUID, move: Move, tally: Any
) -> None:
    @projection("doubling", events=[words.Moved], tables=[tally])
    def doubling(batch: list[Event]) -> None:
        with connection.cursor() as cursor:
            for _ in range(2):
                cursor.execute(
                    "insert into test_event_tally (id, merchant_id) values (%s, %s)", [merchant, merchant]
                )

    move(merchant)
    assert run_reader("doubling", merchant) == 0
    (failure,) = [row for row in reader_status() if row.merchant_id == merchant]
    assert "IntegrityError: duplicate key value" in failure.last_error
    assert str(merchant) not in failure.last_error


@pytest.mark.parametrize("error", [DatabaseError("no row was changed"), KeyError("x"), AssertionError()])
def test_any_error_of_a_reader_is_its_own(
    words: SimpleNamespace, merchant: UUID, move: Move, tally: Any, error: Exception
) -> None:
    @projection("clumsy", events=[words.Moved], tables=[tally])
    def clumsy(batch: list[Event]) -> None:
        raise error

    move(merchant)
    assert run_reader("clumsy", merchant) == 0
    assert [row.reader for row in reader_status() if row.merchant_id == merchant] == ["clumsy"]


def test_lag_is_counted_and_aged(log: str, merchant: UUID, move: Move) -> None:
    def lag() -> tuple[int, int]:
        (row,) = [row for row in reader_lag() if row.reader == log]
        return row.merchants, row.events

    merchants, events = lag()
    move(merchant, 7)
    assert lag() == (merchants + 1, events + 7)
    run_reader(log, merchant, limit=5)
    assert lag() == (merchants + 1, events + 2)
    drain(log, merchant)
    assert lag() == (merchants, events)


@pytest.mark.parametrize("committed", [False, True])
def test_a_killed_reader_neither_loses_nor_doubles(
    cluster: Any,
    words: SimpleNamespace,
    tally: Any,
    merchant: UUID,
    move: Move,
    keep: Keep,
    handled: Handled,
    committed: bool,
) -> None:
    """The server ends the reader's connection between its effect and its commit (or just after it)."""
    effect_done, go_on = Signal(), Signal()
    pids: list[int] = []

    @projection("slow", events=[words.Moved], tables=[tally])
    def slow(batch: list[Event]) -> None:
        keep("slow", batch)
        if pids:
            return
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        effect_done.set()
        assert go_on.wait(20)

    raised: list[type[BaseException]] = []

    def read() -> None:
        try:
            run_reader("slow", merchant, limit=4)
        except OperationalError as error:
            raised.append(type(error))
        finally:
            connection.close()

    ids = move(merchant, 10)
    thread = Thread(target=read)
    thread.start()
    assert effect_done.wait(20)
    assert run_reader("slow", merchant) == 0  # somebody is at it
    if not committed:
        with psycopg.connect(cluster.urls.app, autocommit=True) as killer:
            killer.execute("select pg_terminate_backend(%s, 5000)", [pids[0]])
    go_on.set()
    thread.join(20)
    assert raised == ([] if committed else [OperationalError])
    assert handled(merchant, "slow") == (ids[:4] if committed else [])
    drain("slow", merchant, limit=4)
    assert handled(merchant, "slow") == ids


def test_own_writes_before_the_snapshot_are_refused(merchant: UUID, log: str, move: Move) -> None:
    with merchant_scope(merchant):
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id()")
        with pytest.raises(SnapshotTooLate):
            take_position(log, merchant, wait=True)


def test_replay_gives_the_same_rows(log: str, merchant: UUID, move: Move, handled: Handled) -> None:
    other = uuid7()
    ids, others = move(merchant, 20), move(other, 3)
    drain(log, other)
    assert assert_replay_equal(log, merchant, ignore=["id", "place"]) == 20
    assert handled(merchant, log) == ids
    assert handled(other, log) == others  # emptied were this merchant's rows only


def test_the_harness_finds_a_projection_that_depends_on_more_than_events(
    words: SimpleNamespace, merchant: UUID, move: Move, keep: Keep, tally: Any
) -> None:
    runs: list[int] = []

    @projection("moody", events=[words.Moved], tables=[tally])
    def moody(batch: list[Event]) -> None:
        runs.append(len(batch))
        keep(f"moody {len(runs)}", batch)

    move(merchant, 3)
    with pytest.raises(AssertionError, match="moody replayed into test_event_tally differs"):
        assert_replay_equal("moody", merchant, ignore=["id", "place"])


def test_the_harness_finds_a_projection_that_writes_elsewhere(
    words: SimpleNamespace, merchant: UUID, move: Move, keep: Keep
) -> None:
    @projection("stray", events=[words.Moved], tables=[Event])
    def stray(batch: list[Event]) -> None:
        keep("stray", batch)

    move(merchant, 3)
    with pytest.raises(ReaderFailed) as caught:
        assert_replay_equal("stray", merchant)
    assert isinstance(caught.value.__cause__, WroteElsewhere)


def test_declarations_are_checked(words: SimpleNamespace, tally: Any, log: str) -> None:
    assert reader_faults() == []
    projection("rival", events=["thing.gone"], tables=[tally])(lambda batch: None)
    projection("empty", tables=[])(lambda batch: None)
    assert reader_faults() == [
        "rival reads thing.gone, which is not in the vocabulary",
        "rival and log both own test_event_tally",
        "empty is a projection without tables: it cannot be replayed",
    ]
    with pytest.raises(BadReader):
        projection("log", tables=[tally])(lambda batch: None)
    with pytest.raises(BadReader):
        reader_named("nobody")
    with pytest.raises(BadReader):
        replay(reader_named("nobody"), uuid7())
