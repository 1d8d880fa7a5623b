"""Several questions in one journey to the database.

A function that reads is written as a generator: it yields what it asks and is sent the rows. `read` drives
one alone; `gather` lets several ask side by side, and what all of them ask next goes out together (libpq
pipeline mode). The server answers in the order asked, each statement with a snapshot of its own, so locks may
be asked for first and what they guard after them, in the same journey.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from tongdao.foundation.prepared import execute_prepared, rows_of, select_of

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
Statement = tuple[str, Sequence[Any]]
Rows = Sequence[tuple[Any, ...]]
Asking = Generator[Sequence[Statement], Sequence[Rows], T]


def ask(statement: str, values: Sequence[Any] = ()) -> Asking[Rows]:
    """The rows of one statement."""
    (rows,) = yield [(statement, values)]
    return rows


def ask_for(model: type[M], condition: str, values: Sequence[Any]) -> Asking[list[M]]:
    """The rows of a model, as `foundation.prepared.find_prepared` reads them."""
    rows = yield from ask(select_of(model, condition), values)
    return rows_of(model, condition, rows)


def either(found: T | Asking[T]) -> Asking[T]:
    """Of what may be found at once or has to be asked for."""
    if isinstance(found, Generator):
        return (yield from found)
    return found


def gather(*askings: Asking[Any]) -> Asking[list[Any]]:
    """What each of them finds, in order; none waits for another's journey."""
    found: list[Any] = [None] * len(askings)
    open_: dict[int, Sequence[Statement]] = {}
    _go_on(dict.fromkeys(range(len(askings))), askings, found, open_)
    while open_:
        rows = yield [statement for statements in open_.values() for statement in statements]
        parts, at = {}, 0
        for place, statements in open_.items():
            parts[place] = rows[at : at + len(statements)]
            at += len(statements)
        open_ = {}
        _go_on(parts, askings, found, open_)
    return found


def _go_on(parts: Any, askings: Sequence[Asking[Any]], found: list[Any], open_: Any) -> None:
    """Send each its rows; note what it asks next, or what it has found."""
    for place, part in parts.items():
        try:
            open_[place] = askings[place].send(part)
        except StopIteration as end:
            found[place] = end.value


def read(asking: Asking[T]) -> T:
    """What it finds, read on the default connection and in its transaction. Errors are Django's."""
    try:
        statements = next(asking)
        while True:
            statements = asking.send(_journey(statements))
    except StopIteration as end:
        found: T = end.value
        return found


def _journey(statements: Sequence[Statement]) -> Sequence[Rows]:
    if len(statements) < 2:
        return [_rows(execute_prepared(*statement)) for statement in statements]
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [execute_prepared(*statement) for statement in statements]
    return [_rows(cursor) for cursor in cursors]


def _rows(cursor: Any) -> Rows:
    rows: Rows = cursor.fetchall() if cursor.description else []
    return rows
