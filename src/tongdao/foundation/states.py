"""The life of a noun as data, and the compare-and-set by which operations move along it.

The same table is checked in three places: `claim` refuses an undeclared step, a trigger made by
`GuardStates` refuses it in the database, and a test compares both with the code that claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from tongdao.foundation.bulk import to_json
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import TenantModel, current_merchant

TABLES: dict[str, StateTable] = {}


class UndeclaredTransition(Exception):
    """The state table has no such step."""


@dataclass(frozen=True, slots=True)
class StateTable:
    """`transitions` are (from, to) pairs; `initial` is where a new row starts, or in one of `also`."""

    noun: str
    initial: str
    transitions: frozenset[tuple[str, str]]
    also: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if TABLES.setdefault(self.noun, self) is not self:
            raise ValueError(f"two state tables for {self.noun}")

    @property
    def starts(self) -> tuple[str, ...]:
        """The first one is where a row starts that is given no state."""
        return (self.initial, *sorted(self.also))

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
    rows = _rows(ids) if isinstance(ids, Mapping) and own else sorted(ids)
    where = [current_merchant()] if issubclass(model, TenantModel) else []
    found = execute_prepared(
        _statement(model, tuple(changes), tuple(own)), [to, *changes.values(), rows, *where, frm]
    )
    return sorted(row[0] for row in found.fetchall())


def _rows(ids: Mapping[UUID, Mapping[str, Any]]) -> str:
    return to_json([{"id": id, **columns} for id, columns in ids.items()])


@cache
def _statement(model: type[models.Model], given: tuple[str, ...], own: tuple[str, ...]) -> str:
    """The move as one statement: columns `given` to all rows, columns `own` to each."""
    quote = connection.ops.quote_name
    types = {field.column: str(field.db_type(connection)) for field in model._meta.local_concrete_fields}
    sets = [f", {quote(name)} = %s" for name in given] + [
        f", {quote(name)} = e.{quote(name)}" for name in own
    ]
    columns = ", ".join(f"{quote(name)} {types[name]}" for name in ("id", *own))
    whose = "r.merchant_id = %s and " if issubclass(model, TenantModel) else ""
    source = f"jsonb_to_recordset(%s::jsonb) as e({columns})" if own else "unnest(%s::uuid[]) as e(id)"
    return (
        f"update {quote(model._meta.db_table)} as r set state = %s, version = r.version + 1{''.join(sets)}"  # noqa: S608 names of the model
        f" from {source} where {whose}r.id = e.id and r.state = %s returning r.id"
    )
