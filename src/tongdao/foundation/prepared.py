"""Statements that the server plans once for each connection, with their values sent beside them.

Django binds values into the text of each statement, so that every one is parsed and planned anew. That is
right for the many that run now and then; the few of the hot path run thousands of times a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, TypeVar

import psycopg
from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def execute_prepared(statement: str, values: Sequence[Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run it on the default connection, in its transaction; what comes back is read from the cursor.

    Errors are Django's, and execute wrappers see it like any other statement.
    """
    connection.ensure_connection()
    run = _run
    for wrapper in reversed(connection.execute_wrappers):
        run = partial(wrapper, run)
    found: psycopg.Cursor[tuple[Any, ...]] = run(
        statement, values, False, {"connection": connection, "cursor": None}
    )
    return found


def find_prepared(model: type[M], condition: str, values: Sequence[Any]) -> list[M]:
    """Rows of `model` by a prepared statement; `condition` is what stands after its `where`.

    For what every page reads: the ORM makes its text anew each time, which costs more than the answer. It
    knows no scope: name the merchant in the condition (the policy of the table holds in any case).
    """
    return rows_of(model, condition, execute_prepared(select_of(model, condition), values))


def select_of(model: type[models.Model], condition: str) -> str:
    """The statement that finds what `rows_of` makes rows of."""
    return _select(model, condition)[0]


def rows_of(model: type[M], condition: str, rows_found: Iterable[Sequence[Any]]) -> list[M]:
    """Rows of `model` out of what its `select_of` with this condition has found."""
    _, names, converters = _select(model, condition)
    rows = []
    for found in rows_found:
        row = list(found)
        for place, convert in converters:
            row[place] = convert(row[place], None, connection)
        rows.append(row_of(model, names, row))
    return rows


def row_of(model: type[M], names: Sequence[str], values: Iterable[Any]) -> M:
    """As `Model.from_db`, which asks every field and sends two signals that nobody hears.

    Right for models that add nothing to it and have neither constructor nor listeners of their own
    (tests/foundation/test_prepared_rows.py).
    """
    row = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, connection.alias
    row.__dict__.update(zip(names, values, strict=True), _state=state)
    return row


@lru_cache(maxsize=512)
def _select(model: type[models.Model], condition: str) -> tuple[str, list[str], list[tuple[int, Any]]]:
    """The text, the names of the columns' attributes, and by place what makes a value of what comes back."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    text = f'select {columns} from "{model._meta.db_table}" where {condition}'  # noqa: S608  # our own words
    made = [
        (place, each) for place, field in enumerate(fields) for each in field.get_db_converters(connection)
    ]
    return text, [field.attname for field in fields], made


def by_name(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Statement and values for `execute_prepared`, from one with `%(name)s`, each as often as needed."""
    numbered, names = _named(statement)
    return numbered, [values[name] for name in names]


def _run(statement: str, values: Sequence[Any], many: bool, context: Any) -> psycopg.Cursor[tuple[Any, ...]]:
    with connection.wrap_database_errors:
        cursor: psycopg.RawCursor[tuple[Any, ...]] = psycopg.RawCursor(connection.connection)
        return cursor.execute(_numbered(statement), values, prepare=True)


@lru_cache(maxsize=512)
def _numbered(statement: str) -> str:
    """`$1`, `$2` … for each `%s`: the server's own marks, so that a long text is read once and not each time.

    Raises ValueError for any other use of the per cent sign.
    """
    if "%" not in statement:
        return statement
    first, *rest = statement.split("%s")
    numbered = first + "".join(f"${number}{text}" for number, text in enumerate(rest, 1))
    if "%" in numbered:
        raise ValueError("a prepared statement has no per cent sign but in %s")
    return numbered


@lru_cache(maxsize=512)
def _named(statement: str) -> tuple[str, tuple[str, ...]]:
    """With `$n` for the nth name, and the names in this order."""
    names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    place = {name: number for number, name in enumerate(names, 1)}
    return re.sub(r"%\((\w+)\)s", lambda found: f"${place[found[1]]}", statement), names
