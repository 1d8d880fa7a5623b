"""What is sent to the database, prepared statements too (Django's own log does not see those)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def sent_statements() -> Iterator[list[str]]:
    """The texts of the statements that this thread sends inside, in order."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        sent.append(str(statement))
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        yield sent
