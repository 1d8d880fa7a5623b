"""The life of a noun as data, and the compare-and-set by which operations move along it.

The same table is checked in three places: `claim` refuses an undeclared step, a trigger made by
`GuardStates` refuses it in the database, and a test compares both with the code that claims.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql

from tongdao.foundation.tenancy import current_merchant

TABLES: dict[str, StateTable] = {}


class UndeclaredTransition(Exception):
    """The state table has no such step."""


@dataclass(frozen=True, slots=True)
class StateTable:
    """`transitions` are (from, to) pairs; `initial` is where a new row starts."""

    noun: str
    initial: str
    transitions: frozenset[tuple[str, str]]

    def __post_init__(self) -> None:
        if TABLES.setdefault(self.noun, self) is not self:
            raise ValueError(f"two state tables for {self.noun}")

    @property
    def states(self) -> tuple[str, ...]:
        named = {state for pair in self.transitions for state in pair} | {self.initial}
        return tuple(sorted(named))

    @property
    def final(self) -> frozenset[str]:
        return frozenset(self.states) - {frm for frm, _ in self.transitions}

    def check(self, frm: str, to: str) -> None:
        if (frm, to) not in self.transitions:
            raise UndeclaredTransition(f"{self.noun}: {frm} → {to}")


def claim(
    table: StateTable,
    frm: str,
    to: str,
    model: type[models.Model],
    ids: Sequence[UUID] | Mapping[UUID, Mapping[str, Any]],
    **changes: Any,
) -> list[UUID]:
    """Move those of `ids` that are in `frm` to `to` and return them, in key order.

    A row that another transaction moved first is simply not returned: the caller decides what that means.
    `version` is raised by one; `changes` are further columns, by column name. Where `ids` is a mapping, each
    row gets columns of its own: the same names for all, values that JSON and the column's type agree on.
    """
    table.check(frm, to)
    if not ids:
        return []
    own = next(iter(ids.values())) if isinstance(ids, Mapping) else {}
    rows = _rows(ids) if isinstance(ids, Mapping) else sorted(ids)
    statement = sql.SQL(
        "update {table} as r set state = %s, version = r.version + 1{sets} from {source}"
        " where r.merchant_id = %s and r.id = e.id and r.state = %s returning r.id"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        sets=sql.SQL("").join([*map(_given, changes), *map(_own, own)]),
        source=_source(model, own),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.as_string(cursor.connection), [to, *changes.values(), rows, current_merchant(), frm]
        )
        return sorted(row[0] for row in cursor.fetchall())


def _rows(ids: Mapping[UUID, Mapping[str, Any]]) -> str:
    return json.dumps([{"id": id, **columns} for id, columns in ids.items()], default=str)


def _given(column: str) -> sql.Composed:
    return sql.SQL(", {} = %s").format(sql.Identifier(column))


def _own(column: str) -> sql.Composed:
    return sql.SQL(", {0} = e.{0}").format(sql.Identifier(column))


def _source(model: type[models.Model], own: Mapping[str, Any]) -> sql.Composable:
    """The rows that are asked for, with their own columns typed as in the table."""
    if not own:
        return sql.SQL("unnest(%s::uuid[]) as e(id)")
    types = {field.column: str(field.db_type(connection)) for field in model._meta.local_concrete_fields}
    columns = [sql.SQL("{} ").format(sql.Identifier(name)) + _type(types[name]) for name in ("id", *own)]
    return sql.SQL("jsonb_to_recordset(%s::jsonb) as e({})").format(sql.SQL(", ").join(columns))


def _type(name: str) -> sql.SQL:
    return sql.SQL(name)  # a column type of the model, never input
