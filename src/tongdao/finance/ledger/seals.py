"""The seal of a day: SHA-256 over the seal before it and every posting, with its transaction, in order.

One line of canonical JSON a posting, ordered by (transaction id, position); see docs/algorithms/ledger.md,
from which anyone can recompute it without this code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from tongdao.finance.ledger.models import Posting

NO_SEAL = bytes(32)  # stands for the seal before the first one
_CHUNK = 5000  # postings held in memory at a time

COLUMNS = (
    "transaction_id",
    "position",
    "id",
    "source__code",
    "destination__code",
    "amount_fen",
    "currency",
    "reference",
    "booked_on",
    "transaction__key",
    "transaction__input_hash",
    "transaction__kind",
    "transaction__subject",
    "transaction__booked_on",
    "transaction__reverses_id",
    "transaction__at",
    "transaction__actor_kind",
    "transaction__actor_id",
)


def postings_of(day: date) -> Iterator[tuple[Any, ...]]:
    """The day's postings as COLUMNS, in the order in which they are sealed."""
    rows = Posting.objects.filter(booked_on=day).order_by("transaction_id", "position")
    return rows.values_list(*COLUMNS).iterator(chunk_size=_CHUNK)


def seal_of(day: date, previous: bytes | memoryview | None) -> tuple[int, bytes]:
    """How many postings the day has, and their seal on top of `previous`."""
    count, seal = 0, hashlib.sha256(bytes(previous) if previous else NO_SEAL)
    seal.update(f"{day.isoformat()}\n".encode())
    for row in postings_of(day):
        seal.update(_line(row))
        count += 1
    return count, seal.digest()


def _line(row: tuple[Any, ...]) -> bytes:
    return (json.dumps([_text(value) for value in row], separators=(",", ":")) + "\n").encode()


def _text(value: object) -> str | int | None:
    """Numbers and null as they are; ids, days and moments (UTC) as text, bytes in hexadecimal."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
