"""Set-based writing: rows of several tables in one statement, from json parameters.

One json parameter for all rows that give the same columns of a table, because `unnest(array)` is planned as
ten rows (docs/algorithms/checkout.md). A column that is not given is a constant of the statement.
Foreign keys between the tables are checked when the statement ends, so parents and children go together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import msgspec
from django.db import connection, models

from tongdao.foundation.ids import uuid7, uuid7_text
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant

Row = dict[str, Any]
"""A row's values by column, as JSON that PostgreSQL casts back to the columns' own types."""

_ENCODER = msgspec.json.Encoder(enc_hook=str)
_IN_SQL: dict[Any, str] = {current_merchant: "current_setting('tongdao.merchant')::uuid"}
_FASTER: dict[Any, Callable[[], Any]] = {uuid7: uuid7_text}


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """What is known once and for all of rows that give the same columns of a model.

    `made` are columns with a default that differs from row to row; `written` those whose value is not JSON
    as it is.
    """

    statement: str
    made: Sequence[tuple[str, Callable[[], Any]]]
    written: Sequence[tuple[str, Callable[[Any], Any]]]


class Together:
    """Collects new rows and further writing statements; `execute` sends them as one."""

    def __init__(self) -> None:
        self._rows: dict[_Shape, list[Row]] = {}
        self._extra: list[tuple[str, str]] = []

    def add(self, model: type[models.Model], /, **values: Any) -> None:
        """A new row; columns that are not named have their default, or null. Raises TypeError for others."""
        shape = _shape(model, tuple(values))
        for name, make in shape.made:
            values[name] = make()
        self._append(shape, values)

    def merge(self, other: Together) -> None:
        """Its new rows too."""
        for shape, rows in other._rows.items():
            self._rows.setdefault(shape, []).extend(rows)

    def insert(self, rows: Iterable[models.Model]) -> None:
        """New rows, all columns; their order in a table is kept."""
        for row in rows:
            self._append(_shape(type(row), _names(type(row))), _values(row))

    def also(self, statement: str, parameter: Any) -> None:
        """A further data-modifying statement with one json parameter (given as a JSON value)."""
        self._extra.append((statement, to_json(parameter)))

    def execute(self) -> None:
        parts = [shape.statement for shape in self._rows] + [text for text, _ in self._extra]
        values = [to_json(rows) for rows in self._rows.values()] + [value for _, value in self._extra]
        if parts:
            named = ", ".join(f"w{number} as ({text})" for number, text in enumerate(parts))
            execute_prepared(f"with {named} select 1", values)

    def _append(self, shape: _Shape, values: Row) -> None:
        _write(shape, values)
        self._rows.setdefault(shape, []).append(values)


def to_json(value: Any) -> str:
    """Compact JSON; ids, moments and enum members as their text."""
    return _ENCODER.encode(value).decode()


def to_array(values: Iterable[Any]) -> str:
    """A list of numbers, ids, dates or printable texts, each maybe None, as the text of an array.

    Several times as fast as the driver, which asks for each value what it is. JSON and arrays escape quotes
    and backslashes alike, but not control characters.
    """
    return "{" + _ENCODER.encode(list(values)).decode()[1:-1] + "}"


def insert_statement(model: type[models.Model]) -> str:
    """`insert … select … from json_to_recordset(%s)` for all columns of the model."""
    return _shape(model, _names(model)).statement


def rows_json(rows: Sequence[models.Model]) -> str:
    """The parameter of `insert_statement`."""
    found = [_values(row) for row in rows]
    for row, values in zip(rows, found, strict=True):
        _write(_shape(type(row), _names(type(row))), values)
    return to_json(found)


def _values(row: models.Model) -> Row:
    return {name: getattr(row, name) for name in _names(type(row))}


def _write(shape: _Shape, values: Row) -> None:
    for name, write in shape.written:
        if values[name] is not None:
            values[name] = write(values[name])


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in _columns(model))


@cache
def _shape(model: type[models.Model], given: tuple[str, ...]) -> _Shape:
    columns = {field.attname: field for field in _columns(model)}
    if unknown := set(given) - columns.keys():
        raise TypeError(f"{model.__name__} has no column {sorted(unknown)}")
    left = [field for name, field in columns.items() if name not in given and field.has_default()]
    fixed = {field.attname: text for field in left if (text := _constant(field)) is not None}
    made = [(field.attname, field.default) for field in left if field.attname not in fixed]
    rowwise = [columns[name] for name in (*given, *(name for name, _ in made))]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in rowwise)
    types = ", ".join(f"{quote(str(field.column))} {field.db_type(connection)}" for field in rowwise)
    into = ", ".join([names, *(quote(name) for name in fixed)])
    chosen = ", ".join([names, *fixed.values()])
    return _Shape(
        statement=(
            f"insert into {quote(model._meta.db_table)} ({into}) select {chosen}"  # noqa: S608 names of the model
            f" from json_to_recordset(%s::json) as row({types})"
        ),
        made=[(name, _FASTER.get(make, make)) for name, make in made],
        written=[(field.attname, write) for field in rowwise if (write := _writer(field))],
    )


def _constant(field: models.Field[Any, Any]) -> str | None:
    """The default in SQL, where it is the same for all rows of a statement."""
    default = field.default
    if default in (dict, list):
        default = default()
    elif callable(default):
        return _IN_SQL.get(default)
    text = default if isinstance(default, str) else to_json(default)
    return "'" + str(text).replace("'", "''") + f"'::{field.db_type(connection)}"


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
