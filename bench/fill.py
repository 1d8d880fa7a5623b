"""Orders that are there already: set-based, in chunks, resumable; each row as the product writes it.

A chunk is one transaction of the owner in the merchant's scope, with policies, triggers and constraints on.
Two connections share the chunks; which are done stands in a table of its own, in the same transaction.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from bench.reference import BUYER_IDS, SKU_IDS
from bench.stack import Stack, say
from bench.template import Dialect, Template, insert_sql
from bench.world import SKUS, World, id_sql, owner_connection

CHUNK = 10_000
WORKERS = 2
BYTES_AN_ORDER = 4_500  # rows and indexes, measured and rounded up …
BYTES_OF_LOG = 4_000_000_000  # … and the write-ahead log while it is written
PLAN = """
create table if not exists bench_fill (
  first bigint primary key, last bigint not null, done boolean not null default false)
"""
SPACING = "1 second"
FILL = Dialect(lambda name: f"b.{name}", "b.at", "('F' || lpad(b.n::text, 15, '0'))")


class NoSpace(Exception):
    """The disk is too small for what is asked; the message says how much is needed."""


def fill_orders(
    stack: Stack, world: World, template: Template, target: int, *, restored: bool = False
) -> None:
    """Fill up to `target` orders; goes on where an earlier run stopped. Raises NoSpace.

    `restored`: as a backup is read back, without triggers. Rows that have gone some steps of their lives
    could not be written otherwise.
    """
    chunks = _plan(stack, world, target)
    orders = sum(last - first + 1 for first, last in chunks)
    if not orders:
        return
    _check_disk(stack, orders)
    began = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        parts = [chunks[number::WORKERS] for number in range(WORKERS)]
        list(pool.map(lambda part: _fill(stack, world, template, part, restored), parts))
    took = time.monotonic() - began
    say(f"  {orders:,} orders in {took:,.0f} s, {orders / took:,.0f} a second; {used(stack)}")
    vacuum(stack)


def _plan(stack: Stack, world: World, target: int) -> list[tuple[int, int]]:
    """First and last number of each chunk that is still to be filled."""
    with owner_connection(stack, world) as connection:
        connection.execute(PLAN)
        row = connection.execute("select coalesce(max(last), 0) from bench_fill").fetchone()
        planned = int(row[0]) if row else 0  # type: ignore[call-overload]
        for first in range(planned + 1, target + 1, CHUNK):
            connection.execute(
                "insert into bench_fill values (%s, %s)", [first, min(first + CHUNK - 1, target)]
            )
        rows = connection.execute(
            "select first, last from bench_fill where not done order by first"
        ).fetchall()
    return [(int(first), int(last)) for first, last in rows]  # type: ignore[call-overload]


def _fill(
    stack: Stack, world: World, template: Template, chunks: Sequence[tuple[int, int]], restored: bool
) -> None:
    """One worker's share, a transaction a chunk."""
    began = time.monotonic()
    with _without_triggers(stack) if restored else owner_connection(stack, world) as connection:
        for number, (first, last) in enumerate(chunks, 1):
            for statement in _chunk(template, world, first, last):
                connection.execute(statement.encode())
            connection.execute("update bench_fill set done = true where first = %s", [first])
            connection.commit()
            if number % 20 == 0:
                say(f"  {number} of {len(chunks)} chunks after {time.monotonic() - began:,.0f} s")


def _without_triggers(stack: Stack) -> psycopg.Connection[Any]:
    connection: psycopg.Connection[Any] = admin_connection(stack)
    connection.execute("set session_replication_role = replica")
    connection.autocommit = False
    return connection


def used(stack: Stack) -> str:
    """What the database takes on disk."""
    with psycopg.connect(stack.urls.owner) as connection:
        row = connection.execute("select pg_size_pretty(pg_database_size(current_database()))").fetchone()
        return f"the database has {row[0] if row else '?'}"


def vacuum(stack: Stack) -> None:
    """Statistics and visibility as autovacuum would leave them; then nothing of the fill is left to write."""
    with admin_connection(stack) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def admin_connection(stack: Stack):  # type: ignore[no-untyped-def]
    """The superuser, to whom no policy applies."""
    from psycopg.conninfo import make_conninfo

    url = make_conninfo(stack.server.admin_url, dbname="tongdao")
    return psycopg.connect(url, autocommit=True)


def _check_disk(stack: Stack, orders: int) -> None:
    needed, free = orders * BYTES_AN_ORDER + BYTES_OF_LOG, shutil.disk_usage(stack.server.place.home).free
    say(f"filling {orders:,} orders: about {needed / 1e9:.1f} GB of disk ({free / 1e9:.0f} GB are free)")
    if free < needed:
        raise NoSpace(f"{orders:,} orders need about {needed / 1e9:.0f} GB; {free / 1e9:.0f} GB are free")


def _chunk(template: Template, world: World, first: int, last: int) -> list[str]:
    """The rows in one statement, then the counters that they move."""
    buyer, sku = f"(n % {world.buyers} + 1)", f"(n % {SKUS} + 1)"
    ids = [f"uuidv7() as {name}" for name in template.fresh]
    ids += [f"{id_sql(name, buyer)} as {name}" for name in BUYER_IDS]
    ids += [f"{id_sql(name, sku)} as {name}" for name in SKU_IDS]
    at = f"now() - interval '20 days' + n * interval '{SPACING}' / 100"
    base = f"select n, {at} as at, {', '.join(ids)} from generate_series({first}, {last}) n"
    writes = [insert_sql(template, FILL, table, " from b") for table in template.inserted]
    parts = [f"b as materialized ({base})"] + [f"w{number} as ({text})" for number, text in enumerate(writes)]
    numbers = f"generate_series({first}, {last}) n"
    counted = f"select {id_sql('stock', sku)} as id, count(*) as units from {numbers} group by 1"
    mine = f"merchant_id = '{world.merchant_id}'"
    lock = f"select id from stock where {mine} order by id for no key update"
    each = next(change for change in template.changed if change.table == "stock")
    held = each.new["reserved"] - each.old["reserved"]
    reserve = (
        f"with locked as materialized ({lock}), c as ({counted}) update stock"
        f" set reserved = reserved + {held} * c.units from c, (select count(*) from locked) l"
        f" where stock.{mine} and stock.id = c.id"
    )
    return [f"with {', '.join(parts)} select 1", reserve, *_counters(template, last - first + 1)]


def _counters(template: Template, orders: int) -> list[str]:
    """Other rows that every order counts up, such as a promotion's uses."""
    found = []
    for change in template.changed:
        if change.table != "stock":
            sets = ", ".join(
                f'"{name}" = "{name}" + {(new - change.old[name]) * orders}'
                for name, new in change.new.items()
            )
            found.append(f"update \"{change.table}\" set {sets} where id = '{change.id}'")
    return found
