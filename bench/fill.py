"""Orders that are there already: set-based, in chunks, resumable; each row as the product writes it.

A chunk is one transaction of the owner in the merchant's scope, with policies, triggers and constraints on.
How far it has come stands in a table of its own, which is part of that transaction.
"""

from __future__ import annotations

import shutil
import time

from bench.reference import BUYER_IDS, SKU_IDS
from bench.stack import Stack, say
from bench.template import Dialect, Template, insert_sql
from bench.world import SKUS, World, id_sql, owner_connection

CHUNK = 10_000
BYTES_AN_ORDER = 9_000  # rows, indexes and write-ahead log that is waiting; measured, rounded up
SPACING = "1 second"
FILL = Dialect(lambda name: f"b.{name}", "b.at", "('F' || lpad(b.n::text, 15, '0'))")


class NoSpace(Exception):
    """The disk is too small for what is asked; the message says how much is needed."""


def fill_orders(stack: Stack, world: World, template: Template, target: int) -> None:
    """Fill up to `target` orders; goes on where an earlier run stopped. Raises NoSpace."""
    with owner_connection(stack, world) as connection:
        connection.execute("create table if not exists bench_fill (done bigint not null)")
        connection.execute("insert into bench_fill select 0 where not exists (select 1 from bench_fill)")
        connection.commit()
        done = int(connection.execute("select done from bench_fill").fetchone()[0])  # type: ignore[index,call-overload]
        if done >= target:
            return
        _check_disk(stack, target - done)
        began, first = time.monotonic(), done
        while done < target:
            until = min(done + CHUNK, target)
            for statement in _chunk(template, world, done + 1, until):
                connection.execute(statement.encode())
            connection.execute("update bench_fill set done = %s", [until])
            connection.commit()
            done = until
            if done % (CHUNK * 10) == 0:
                rate = (done - first) / (time.monotonic() - began)
                say(f"  {done:,} of {target:,} orders, {rate:,.0f} a second")
    say(f"  filled to {target:,} orders in {time.monotonic() - began:,.0f} s; {used(stack)}")
    vacuum(stack)


def used(stack: Stack) -> str:
    """What the database takes on disk."""
    import psycopg

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
    import psycopg
    from psycopg.conninfo import make_conninfo

    url = make_conninfo(stack.server.admin_url, dbname="tongdao")
    return psycopg.connect(url, autocommit=True)


def _check_disk(stack: Stack, orders: int) -> None:
    needed, free = orders * BYTES_AN_ORDER, shutil.disk_usage(stack.server.place.home).free
    say(f"filling {orders:,} orders: about {needed / 1e9:.1f} GB of disk ({free / 1e9:.0f} GB are free)")
    if free < needed * 1.1:
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
    reserve = (
        f"update stock set reserved = reserved + c.units from ({counted}) c"
        f" where stock.merchant_id = '{world.merchant_id}' and stock.id = c.id"
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
