"""The life of a noun as data, and the compare-and-set by which operations move along it.

The same table is checked in three places: `claim` refuses an undeclared step, a trigger made by
`GuardStates` refuses it in the database, and a test compares both with the code that claims.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    ids: Sequence[UUID],
    **changes: Any,
) -> list[UUID]:
    """Move those of `ids` that are in `frm` to `to` and return them, in key order.

    A row that another transaction moved first is simply not returned: the caller decides what that means.
    `version` is raised by one; `changes` are further columns, by column name.
    """
    table.check(frm, to)
    sets = [sql.SQL("{} = %s").format(sql.Identifier(column)) for column in changes]
    statement = sql.SQL(
        "update {table} set state = %s, version = version + 1{sets}"
        " where merchant_id = %s and id = any(%s) and state = %s returning id"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        sets=sql.SQL("").join(sql.SQL(", ") + part for part in sets),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.as_string(cursor.connection),
            [to, *changes.values(), current_merchant(), sorted(ids), frm],
        )
        return sorted(row[0] for row in cursor.fetchall())
