"""Many writers, late commits and rollbacks: every event is read once, in causal order per subject."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import INSERT_EVENTS, Event, Subject, as_row, projection, rows_json, run_reader
from tongdao.foundation.events.loop import readers_loop
from tongdao.foundation.events.work import list_work
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import current_scope, merchant_scope
from tongdao.foundation.tenancy.scopes import Scope, _current

WRITERS = 16
ROUNDS = 25
SUBJECTS = [uuid7() for _ in range(5)]


class Writer:
    """A connection of its own, as the application, with one transaction of the merchant open."""

    def __init__(self, url: str, merchant: UUID, words: SimpleNamespace) -> None:
        self.merchant, self.words = merchant, words
        self.connection = psycopg.connect(url)
        self.connection.execute("set idle_in_transaction_session_timeout = 0")
        self.connection.commit()

    def begin(self) -> None:
        self.connection.execute("select set_config('tongdao.merchant', %s, true)", [str(self.merchant)])

    def take_transaction_id(self) -> None:
        self.connection.execute("select pg_current_xact_id()")

    def tell(self, subject: UUID) -> UUID:
        """Lock the subject, raise its version, record it: the version is the causal order."""
        (version,) = self.connection.execute(
            "update test_subject set version = version + 1 where id = %s returning version", [subject]
        ).fetchone() or (0,)
        return self.insert(subject, version)

    def insert(self, subject: UUID, version: int = 0) -> UUID:
        reset = _current.set(Scope("merchant", merchant=self.merchant))
        try:
            moved = self.words.Moved(subject, 1)
            row = as_row(moved, subject=Subject("thing", subject, version), actor=SYSTEM)
        finally:
            _current.reset(reset)
        self.connection.execute(INSERT_EVENTS, [rows_json([row])])
        return UUID(str(row["id"]))


@pytest.fixture
def writer(cluster: Any, merchant: UUID, words: SimpleNamespace) -> Iterator[Callable[[], Writer]]:
    made: list[Writer] = []

    def make() -> Writer:
        made.append(Writer(cluster.urls.app, merchant, words))
        return made[-1]

    yield make
    for each in made:
        each.connection.close()


@pytest.fixture
def subjects(cluster: Any) -> Iterator[None]:
    with psycopg.connect(cluster.urls.owner, autocommit=True) as owner:
        owner.execute("create table test_subject (id uuid primary key, version integer not null)")
        for subject in SUBJECTS:
            owner.execute("insert into test_subject values (%s, 0)", [subject])
        yield
        owner.execute("drop table test_subject")


def write_rounds(writer: Writer, seed: int, start: Barrier) -> list[UUID]:
    """Write and commit, or roll back one time in five; returns what was committed."""
    draw, committed = random.Random(seed), []
    start.wait(30)
    for _ in range(ROUNDS):
        writer.begin()
        if draw.random() < 0.5:
            writer.take_transaction_id()  # before the subject's lock: ids and causes disagree
        # In the order of the list, or two writers wait for each other in a circle.
        told = [writer.tell(each) for each in SUBJECTS if draw.random() < 0.4]
        if draw.random() < 0.2:
            writer.connection.rollback()
        else:
            writer.connection.commit()
            committed += told
    return committed


def test_readers_lose_nothing_double_nothing_and_keep_causes_in_order(
    words: SimpleNamespace,
    tally: Any,
    keep: Any,
    merchant: UUID,
    writer: Callable[[], Writer],
    subjects: None,
    handled: Callable[[UUID, str], list[UUID]],
) -> None:
    for name in ("first", "second"):
        projection(name, events=[words.Moved], tables=[tally])(lambda batch, name=name: keep(name, batch))
    late, written = writer(), Signal()
    late.begin()
    late_id = late.insert(uuid7())  # it has its id and its seq before all others, and commits after them

    def read(name: str, limit: int) -> None:
        while not written.is_set():
            run_reader(name, merchant, limit=limit)
        connection.close()

    start = Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        reading = [pool.submit(read, "first", 7), pool.submit(read, "second", 100)]
        writing = [pool.submit(write_rounds, writer(), seed, start) for seed in range(WRITERS)]
        committed = [event_id for future in writing for event_id in future.result(120)]
        written.set()
        for future in reading:
            future.result(30)
    for name in ("first", "second"):
        while run_reader(name, merchant, wait=True):
            pass
    assert late_id not in handled(merchant, "first")
    assert len(handled(merchant, "first")) == len(committed)  # the open transaction kept nobody waiting
    late.connection.commit()
    assert {work.reader for work in list_work() if work.merchant_id == merchant} == {"first", "second"}
    for name in ("first", "second"):
        assert run_reader(name, merchant, wait=True) == 1
        ids = handled(merchant, name)
        assert len(ids) == len(set(ids))
        assert set(ids) == {*committed, late_id}
        assert_causal(merchant, tally, name)


def assert_causal(merchant: UUID, tally: Any, reader: str) -> None:
    versions: dict[UUID, list[int]] = defaultdict(list)
    with merchant_scope(merchant):
        rows = tally.objects.filter(reader=reader, subject_id__in=SUBJECTS).order_by("place")
        for subject, version in rows.values_list("subject_id", "version"):
            versions[subject].append(version)
    assert set(versions) == set(SUBJECTS)
    for found in versions.values():
        assert found == list(range(1, len(found) + 1))


def naive_read(merchant: UUID, after: int) -> tuple[list[UUID], int]:
    """What a reader does that keeps the highest `seq` as its position."""
    with merchant_scope(merchant):
        rows = list(Event.objects.filter(seq__gt=after).order_by("seq"))
    return [row.id for row in rows], rows[-1].seq if rows else after


def test_a_reader_by_seq_skips_what_ours_does_not(
    words: SimpleNamespace,
    tally: Any,
    keep: Any,
    merchant: UUID,
    writer: Callable[[], Writer],
    handled: Callable[[UUID, str], list[UUID]],
) -> None:
    """The control: A takes its seq and waits, B takes the next and commits, all read, then A commits."""
    projection("ours", events=[words.Moved], tables=[tally])(lambda batch: keep("ours", batch))
    a, b = writer(), writer()
    a.begin()
    slow = a.insert(uuid7())
    b.begin()
    quick = b.insert(uuid7())
    b.connection.commit()
    seen, after = naive_read(merchant, 0)
    assert run_reader("ours", merchant) == 1
    a.connection.commit()
    more, _ = naive_read(merchant, after)
    assert run_reader("ours", merchant) == 1
    assert seen + more == [quick]  # `slow` is skipped for ever
    assert handled(merchant, "ours") == [quick, slow]


def test_a_cause_with_a_greater_transaction_id_is_read_first(
    words: SimpleNamespace,
    tally: Any,
    keep: Any,
    merchant: UUID,
    writer: Callable[[], Writer],
    subjects: None,
    handled: Callable[[UUID, str], list[UUID]],
) -> None:
    """A has its id before B, but gets the subject's lock after B has committed."""
    projection("ours", events=[words.Moved], tables=[tally])(lambda batch: keep("ours", batch))
    a, b = writer(), writer()
    a.begin()
    a.take_transaction_id()
    b.begin()
    cause = b.tell(SUBJECTS[0])
    b.connection.commit()
    effect = a.tell(SUBJECTS[0])
    a.connection.commit()
    assert run_reader("ours", merchant) == 2
    assert handled(merchant, "ours") == [cause, effect]


def test_the_loop_reads_until_it_is_stopped_and_outlives_a_lost_connection(
    cluster: Any,
    words: SimpleNamespace,
    tally: Any,
    keep: Any,
    merchant: UUID,
    move: Callable[..., list[UUID]],
    handled: Callable[[UUID, str], list[UUID]],
) -> None:
    stop, done, lost = Signal(), Signal(), Signal()
    wanted = 30

    @projection("looped", events=[words.Moved], tables=[tally])
    def looped(batch: list[Event]) -> None:
        assert current_scope() is not None
        keep("looped", batch)
        if merchant in {event.merchant_id for event in batch} and not lost.is_set():
            lost.set()
            with connection.cursor() as cursor, psycopg.connect(cluster.urls.app) as killer:
                cursor.execute("select pg_backend_pid()")
                killer.execute("select pg_terminate_backend(%s, 5000)", [cursor.fetchone()[0]])
        if merchant in {event.merchant_id for event in batch} and batch[-1].subject_version == wanted:
            done.set()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(readers_loop, stop, limit=7)
        ids = move(merchant, 10) + move(merchant, wanted)
        assert done.wait(60)
        stop.set()
        running.result(60)
    assert handled(merchant, "looped") == ids
