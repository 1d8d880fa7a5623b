"""The queue in front of the real database: what a batch does together; what one lost line or lock does."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection

from tests.tenancy.catalogue import superuser
from tongdao.foundation.committing import GroupCommit, commit_each
from tongdao.foundation.tenancy import merchant_scope

SHOP = UUID(int=1)


@pytest.fixture
def table() -> Iterator[str]:
    """One that the application may write: a number once."""
    name = f"committed_{uuid4().hex}"
    with superuser() as admin:
        admin.execute(f"create table {name} (number integer primary key check (number <> 13))".encode())
        admin.execute(f"grant all on {name} to tongdao_app".encode())
        yield name
        admin.execute(f"drop table {name}".encode())


def written(table: str) -> list[int]:
    with superuser() as admin:
        return [row[0] for row in admin.execute(f"select number from {table} order by 1".encode())]


class Writing:
    """A commit that writes each number; `before` runs inside its transaction, before anything else."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.before: list[str] = []  # statements, one a try
        self.sizes: list[int] = []

    def __call__(self, merchant_id: UUID, wishes: Sequence[int]) -> list[int | Exception]:
        self.sizes.append(len(wishes))
        with merchant_scope(merchant_id), connection.cursor() as cursor:
            if self.before:
                cursor.execute(self.before.pop(0))
            for wish in wishes:
                cursor.execute(f"insert into {self.table} values (%s)", [wish])
        return list(wishes)


def test_a_bad_row_is_refused_and_its_neighbours_are_written(table: str) -> None:
    answers = commit_each(Writing(table), SHOP, range(10, 20))
    assert [type(answer) for answer in answers].count(IntegrityError) == 1
    assert isinstance(answers[3], IntegrityError)
    assert written(table) == [10, 11, 12, 14, 15, 16, 17, 18, 19]


def test_a_lost_connection_ends_all_of_its_batch_and_the_next_one_has_a_new_one(table: str) -> None:
    writing = Writing(table)
    queue = GroupCommit(f"test-{table}", writing)
    with superuser() as admin:
        writing.before.append("select pg_sleep(30)")
        with ThreadPoolExecutor(1) as person:
            answer = person.submit(queue.submit, SHOP, 1)
            _end_whoever_runs(admin, "select pg_sleep(30)")
            assert isinstance(answer.exception(60), OperationalError)
    assert queue.submit(SHOP, 2) == 2
    assert queue.drain()
    assert written(table) == [2], "the lost one is not written, and nobody tried it again"
    assert writing.sizes == [1, 1]


def _end_whoever_runs(admin: psycopg.Connection[tuple[object, ...]], statement: str) -> None:
    """Ends the one connection that runs exactly this, as soon as it does."""
    ended: Sequence[object] = []
    while not ended:
        ended = admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query = %s and state = 'active'",
            [statement],
        ).fetchall()


def test_a_deadlock_with_a_stranger_is_tried_again_and_nobody_notices() -> None:
    """The stranger holds 2 and waits for 1; the batch holds 1 and waits for 2: one of them has to go."""
    sizes: list[int] = []

    def commit(merchant_id: UUID, wishes: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(wishes))
        with merchant_scope(merchant_id), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(1)")
            holding.set()
            assert wanting.wait(60)
            cursor.execute("select pg_advisory_xact_lock(2)")
        return list(wishes)

    holding, wanting = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as people, superuser() as stranger, stranger.transaction():
        stranger.execute("set local deadlock_timeout = '1min'")  # it is the batch that has to go
        stranger.execute("select pg_advisory_xact_lock(2)")
        answers = people.submit(commit_each, commit, SHOP, [1, 2])
        assert holding.wait(60)
        wanting.set()
        stranger.execute("select pg_advisory_xact_lock(1)")
    assert answers.result(60) == [1, 2]
    assert sizes == [2, 2], "both again, together"


def test_a_lock_that_is_not_given_back_is_an_error_and_not_a_wait_for_ever(table: str) -> None:
    writing = Writing(table)
    with superuser() as admin, admin.transaction():
        admin.execute(f"lock table {table}".encode())
        writing.before += ["set local lock_timeout = '10ms'"] * 99
        answers = commit_each(writing, SHOP, [1, 2])
    assert all(isinstance(answer, DatabaseError) for answer in answers)
    assert written(table) == []
