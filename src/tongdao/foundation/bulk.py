"""Set-based writing: rows of several tables in one statement, from jsonb parameters.

One jsonb parameter a table, because `unnest(array)` is planned as ten rows (docs/algorithms/checkout.md).
Foreign keys between the tables are checked when the statement ends, so parents and children go together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, models

from tongdao.foundation.pii import EncryptedTextField


class Together:
    """Collects new rows and further writing statements; `execute` sends them as one."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[models.Model]] = {}
        self._extra: list[tuple[str, str]] = []

    def insert(self, rows: Sequence[models.Model]) -> None:
        """New rows, all columns; their order in a table is kept."""
        for row in rows:
            self._rows.setdefault(type(row), []).append(row)

    def also(self, statement: str, parameter: Any) -> None:
        """A further data-modifying statement with one jsonb parameter (given as a JSON value)."""
        self._extra.append((statement, json.dumps(parameter, separators=(",", ":"), default=str)))

    def execute(self) -> None:
        parts = [insert_statement(model) for model in self._rows] + [text for text, _ in self._extra]
        values = [rows_json(rows) for rows in self._rows.values()] + [value for _, value in self._extra]
        if not parts:
            return
        named = ", ".join(f"w{number} as ({text})" for number, text in enumerate(parts))
        with connection.cursor() as cursor:
            cursor.execute(f"with {named} select 1", values)


def insert_statement(model: type[models.Model]) -> str:
    """`insert … select … from jsonb_to_recordset(%s)` for all columns of the model."""
    quote = connection.ops.quote_name
    columns = [(quote(str(field.column)), str(field.db_type(connection))) for field in _columns(model)]
    names = ", ".join(name for name, _ in columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns)
    return (
        f"insert into {quote(model._meta.db_table)} ({names}) select {names}"  # noqa: S608 names of the model
        f" from jsonb_to_recordset(%s::jsonb) as row({typed})"
    )


def rows_json(rows: Sequence[models.Model]) -> str:
    """The parameter of `insert_statement`."""
    written = [
        {field.column: _json(field, getattr(row, field.attname)) for field in _columns(type(row))}
        for row in rows
    ]
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return cast("list[models.Field[Any, Any]]", list(model._meta.local_concrete_fields))


def _json(field: models.Field[Any, Any], value: Any) -> Any:
    """A column's value as JSON that PostgreSQL casts back to the column's own type."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, EncryptedTextField):
        return "\\x" + field.seal(value).hex()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
