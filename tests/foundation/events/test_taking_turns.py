"""Two connections that run one reader for one merchant: why lock, position and snapshot have an order."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongdao.foundation.events import Event, projection, run_reader
from tongdao.foundation.events.positions import take_position
from tongdao.foundation.tenancy import merchant_scope

Move = Callable[..., list[UUID]]


def wait_for_advisory_lock(url: str) -> None:
    """Until some connection of ours waits for an advisory lock."""
    waiting = (
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'"
    )
    with psycopg.connect(url, autocommit=True) as watcher:
        for _ in range(2000):
            row = watcher.execute(waiting).fetchone()
            if row and row[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_who_waited_goes_on_where_the_other_stopped(
    cluster: Any,
    words: SimpleNamespace,
    tally: Any,
    keep: Callable[[str, list[Event]], None],
    merchant: UUID,
    move: Move,
    handled: Callable[[UUID, str], list[UUID]],
) -> None:
    inside, go_on = Signal(), Signal()

    @projection("shared", events=[words.Moved], tables=[tally])
    def shared(batch: list[Event]) -> None:
        keep("shared", batch)
        if not inside.is_set():
            inside.set()
            assert go_on.wait(30)

    def read() -> int:
        try:
            return run_reader("shared", merchant, wait=True)
        finally:
            connection.close()

    ids = move(merchant, 5)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(read)
        assert inside.wait(30)
        second = pool.submit(read)
        wait_for_advisory_lock(cluster.urls.app)
        more = move(merchant, 3)
        go_on.set()
        assert (first.result(30), second.result(30)) == (5, 3)
    assert run_reader("shared", merchant) == 0
    assert handled(merchant, "shared") == ids + more


def test_lock_then_position_then_snapshot(merchant: UUID) -> None:
    with merchant_scope(merchant), CaptureQueriesContext(connection) as queries:
        take_position("any", merchant, wait=False)
    lock, position, snapshot = [query["sql"] for query in queries]
    assert "pg_try_advisory_xact_lock" in lock
    assert "event_reader_position" in position
    assert "pg_current_snapshot" in snapshot
