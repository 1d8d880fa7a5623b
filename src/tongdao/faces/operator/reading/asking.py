"""Questions to the whole platform, asked as the role that may only read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections

PLATFORM = "platform"


def rows(statement: str, arguments: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[PLATFORM].cursor() as cursor:
        cursor.execute(statement, list(arguments))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(statement: str, arguments: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The only row."""
    (found,) = rows(statement, arguments)
    return found
