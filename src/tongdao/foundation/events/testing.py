"""Harness for other rooms' tests: a projection replayed from zero must give the rows that it has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from tongdao.foundation.events.models import Event
from tongdao.foundation.events.registry import Handler, Reader, reader_named
from tongdao.foundation.events.replaying import drain, replay
from tongdao.foundation.tenancy import merchant_scope

Rows = dict[str, list[str]]


class WroteElsewhere(AssertionError):
    """A projection wrote a table that is not its own."""


def assert_replay_equal(
    projection: str | Reader, merchant_id: UUID, *, ignore: Iterable[str] = ("id",), chunk: int = 7
) -> int:
    """Bring the projection up to date, replay it in small chunks, and compare every row of its tables.

    Columns in `ignore` may differ (keys of its own making). Fails also when it writes other tables.
    Returns how many events were replayed.
    """
    reader = reader_named(projection) if isinstance(projection, str) else projection
    watched = replace(reader, function=_watched(reader))
    drain(watched, merchant_id)
    before = rows_of(reader, merchant_id, ignore)
    count = replay(watched, merchant_id, chunk=chunk)
    after = rows_of(reader, merchant_id, ignore)
    for table, rows in before.items():
        gone = sorted(set(rows) - set(after[table]))
        new = sorted(set(after[table]) - set(rows))
        assert rows == after[table], f"{reader.name} replayed into {table} differs: lost {gone}, new {new}"
    return count


def rows_of(reader: Reader, merchant_id: UUID, ignore: Iterable[str]) -> Rows:
    """Table → its rows of the merchant as sorted JSON texts, without the ignored columns."""
    found: Rows = {}
    with merchant_scope(merchant_id), connection.cursor() as cursor:
        for table in reader.tables:
            name = table._meta.db_table
            quoted = connection.ops.quote_name(name)
            cursor.execute(
                f"select (to_jsonb(t) - %s::text[])::text from {quoted} t where merchant_id = %s",  # noqa: S608 model's table
                [list(ignore), merchant_id],
            )
            found[name] = sorted(json.dumps(json.loads(row[0]), sort_keys=True) for row in cursor.fetchall())
    return found


def _watched(reader: Reader) -> Handler:
    own = {table._meta.db_table for table in reader.tables}

    def run(batch: list[Event]) -> None:
        before = _writes()
        reader.function(batch)
        after = _writes()
        elsewhere = {table for table, count in after.items() if count != before.get(table, 0)} - own
        if elsewhere:
            raise WroteElsewhere(f"{reader.name} wrote {', '.join(sorted(elsewhere))}")

    return run


def _writes() -> dict[str, int]:
    """Rows written so far by this connection, by table (the server's own counters)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables"
            " where n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {row[0]: row[1] for row in rows}
