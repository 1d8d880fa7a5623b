"""Set-based writing: rows of several tables in one statement, from jsonb parameters.

One jsonb parameter a table, because `unnest(array)` is planned as ten rows (docs/algorithms/checkout.md).
Foreign keys between the tables are checked when the statement ends, so parents and children go together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import msgspec
from django.db import connection, models

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.prepared import execute_prepared

Row = dict[str, Any]
"""A row's values by column, as JSON that PostgreSQL casts back to the columns' own types."""

_ENCODER = msgspec.json.Encoder(enc_hook=str)


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known of a model once and for all. `made` are defaults that differ from row to row."""

    statement: str
    fixed: Mapping[str, Any]
    made: Sequence[tuple[str, Callable[[], Any]]]
    written: Sequence[tuple[str, Callable[[Any], Any]]]  # columns whose value is not JSON as it is


class Together:
    """Collects new rows and further writing statements; `execute` sends them as one."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[Row]] = {}
        self._extra: list[tuple[str, str]] = []

    def add(self, model: type[models.Model], /, **values: Any) -> None:
        """A new row; columns that are not named have their default, or null."""
        self._rows.setdefault(model, []).append(new_row(model, values))

    def merge(self, other: Together) -> None:
        """Its new rows too."""
        for model, rows in other._rows.items():
            self._rows.setdefault(model, []).extend(rows)

    def insert(self, rows: Iterable[models.Model]) -> None:
        """New rows, all columns; their order in a table is kept."""
        for row in rows:
            self._rows.setdefault(type(row), []).append(_row_of(row))

    def also(self, statement: str, parameter: Any) -> None:
        """A further data-modifying statement with one jsonb parameter (given as a JSON value)."""
        self._extra.append((statement, to_json(parameter)))

    def execute(self) -> None:
        parts = [insert_statement(model) for model in self._rows] + [text for text, _ in self._extra]
        values = [to_json(rows) for rows in self._rows.values()] + [value for _, value in self._extra]
        if parts:
            named = ", ".join(f"w{number} as ({text})" for number, text in enumerate(parts))
            execute_prepared(f"with {named} select 1", values)


def to_json(value: Any) -> str:
    """Compact JSON; ids, moments and enum members as their text."""
    return _ENCODER.encode(value).decode()


def new_row(model: type[models.Model], values: Mapping[str, Any]) -> Row:
    """A row from values by column (`order_id`, not `order`). Raises TypeError for another column."""
    table = _table(model)
    row = {**table.fixed}
    for name, make in table.made:
        if name not in values:
            row[name] = make()
    width = len(table.fixed)
    row.update(values)
    if len(row) != width:
        raise TypeError(f"{model.__name__} has no column {sorted(row.keys() - table.fixed.keys())}")
    for name, write in table.written:
        if row[name] is not None:
            row[name] = write(row[name])
    return row


def insert_statement(model: type[models.Model]) -> str:
    """`insert … select … from jsonb_to_recordset(%s)` for all columns of the model."""
    return _table(model).statement


def rows_json(rows: Sequence[models.Model]) -> str:
    """The parameter of `insert_statement`."""
    return to_json([_row_of(row) for row in rows])


def _row_of(row: models.Model) -> Row:
    table = _table(type(row))
    values = {name: getattr(row, name) for name in table.fixed}
    for name, write in table.written:
        if values[name] is not None:
            values[name] = write(values[name])
    return values


@cache
def _table(model: type[models.Model]) -> _Table:
    columns = _columns(model)
    given = {field.attname: field.default for field in columns if field.has_default()}
    quote = connection.ops.quote_name
    typed = [(quote(str(field.column)), str(field.db_type(connection))) for field in columns]
    names = ", ".join(name for name, _ in typed)
    types = ", ".join(f"{name} {kind}" for name, kind in typed)
    return _Table(
        statement=(
            f"insert into {quote(model._meta.db_table)} ({names}) select {names}"  # noqa: S608 names of the model
            f" from jsonb_to_recordset(%s::jsonb) as row({types})"
        ),
        fixed={
            field.attname: None if callable(given.get(field.attname)) else given.get(field.attname)
            for field in columns
        },
        made=[(name, default) for name, default in given.items() if callable(default)],
        written=[(field.attname, write) for field in columns if (write := _writer(field))],
    )


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    columns = cast("list[models.Field[Any, Any]]", list(model._meta.local_concrete_fields))
    if any(field.attname != field.column for field in columns):
        raise TypeError(f"{model.__name__} names a column otherwise than its attribute")
    return columns


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, EncryptedTextField):
        return lambda text: "\\x" + field.seal(text).hex()
    if isinstance(field, models.BinaryField):
        return lambda value: "\\x" + bytes(value).hex()
    return None
