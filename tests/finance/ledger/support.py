"""What the ledger's tests share: drafts, threads with their own connections, a superuser's connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.conftest import Cluster
from tongdao.finance.ledger.chart import BUYER_FUNDS, EXTERNAL_BUYER, AccountRef
from tongdao.finance.ledger.drafts import Draft, Line
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope

T = TypeVar("T")
Superuser = psycopg.Connection[tuple[Any, ...]]

_BLOCKED = """
select count(*) from pg_stat_activity where usename = 'tongdao_app' and cardinality(pg_blocking_pids(pid)) > 0
"""


def capture(key: str, fen: int = 100, to: AccountRef | None = None, **options: Any) -> Draft:
    """Money comes in and, with `to`, becomes somebody's share."""
    lines = [Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(fen))]
    if to:
        lines.append(Line(BUYER_FUNDS, to, Fen(fen), uuid7()))
    return Draft(
        key=key, kind="capture", subject=options.pop("subject", None) or uuid7(), postings=lines, **options
    )


def payout(key: str, source: AccountRef, fen: int) -> Draft:
    """Money of `source` leaves. (Tests have no payout account; the buyer's world outside serves as well.)"""
    return Draft(key, "payout", uuid7(), [Line(source, EXTERNAL_BUYER, Fen(fen))])


class Crowd:
    """Functions that run at the same time, each in a thread with a connection of its own."""

    def __init__(self, pool: ThreadPoolExecutor, superuser: Superuser) -> None:
        self.pool, self.superuser = pool, superuser

    def start(self, merchant: UUID, function: Callable[[], T]) -> Future[T]:
        """Run `function` in a merchant_scope of another thread."""

        def run() -> T:
            try:
                with merchant_scope(merchant):
                    return function()
            finally:
                connection.close()

        return self.pool.submit(run)

    def wait_until_blocked(self, count: int = 1) -> None:
        """Until so many connections of the application wait for a lock that another one holds."""
        end = time.monotonic() + 30
        while self.blocked() != count:
            assert time.monotonic() < end, f"{self.blocked()} connections wait, not {count}"
            time.sleep(0.005)

    def blocked(self) -> int:
        row = self.superuser.execute(_BLOCKED).fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def superuser_of(cluster: Cluster) -> Iterator[Superuser]:
    """The embedded cluster's superuser, who passes by every policy, in autocommit."""
    database = str(conninfo_to_dict(cluster.urls.app)["dbname"])
    with psycopg.connect(make_conninfo(cluster.urls.admin, dbname=database), autocommit=True) as admin:
        yield admin


@contextmanager
def tampering(superuser: Superuser) -> Iterator[Superuser]:
    """The superuser with all triggers off, which is what append-only tables cannot withstand."""
    superuser.execute("set session_replication_role = replica")
    try:
        yield superuser
    finally:
        superuser.execute("reset session_replication_role")
