"""Statements that the server plans once for each connection, with their values sent beside them.

Django binds values into the text of each statement, so that every one is parsed and planned anew. That is
right for the many that run now and then; the few of the hot path run thousands of times a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
from django.db import connection


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


def _run(statement: str, values: Sequence[Any], many: bool, context: Any) -> psycopg.Cursor[tuple[Any, ...]]:
    with connection.wrap_database_errors:
        cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
        return cursor.execute(statement, values, prepare=True)
