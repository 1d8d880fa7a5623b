"""Questions to the whole platform, asked as the role that may only read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet

PLATFORM = "platform"
M = TypeVar("M", bound=Model)


def on_platform(model: type[M]) -> QuerySet[M]:
    """All its rows, over all merchants; the connection may do nothing but SELECT."""
    return QuerySet(model, using=PLATFORM)


def rows(statement: str, arguments: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[PLATFORM].cursor() as cursor:
        cursor.execute(statement, list(arguments))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(statement: str, arguments: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The only row."""
    (found,) = rows(statement, arguments)
    return found
