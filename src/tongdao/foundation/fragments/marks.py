"""What tells one state of some rows from another: read in one statement, cheaper than the rows themselves.

A row's `xmin` is the transaction that wrote it as it is, so it changes with every write, through whatever
door, and no writer has to remember a counter. Rows that change more often than what is shown of them (stock)
are marked by what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from tongdao.foundation.tenancy import merchant_scope


@dataclass(frozen=True, slots=True)
class Mark:
    """`sql`: a scalar query in parentheses. `%(merchant)s` is always there, other names the reader gives."""

    sql: str


def rows_mark(source: str) -> str:
    """The mark of whole rows: their ids and xmins. `source` is `table as row …` with its condition."""
    return f"(select md5(string_agg(concat(row.id, ' ', row.xmin), ',' order by row.id)) from {source})"  # noqa: S608


def read_version(merchant_id: UUID, marks: Sequence[Mark], parameters: Mapping[str, Any]) -> str:
    """All marks in one statement, in a scope of its own. Marks are constants of the code, never input."""
    columns = ", ".join(f"coalesce({mark.sql}, '-')" for mark in marks)
    with merchant_scope(merchant_id), connection.cursor() as cursor:
        cursor.execute(f"select {columns}", {"merchant": merchant_id, **parameters})
        row = cursor.fetchone()
    assert row is not None
    return "|".join(row)
