"""The seal of a day: SHA-256 over the seal before it and every posting, with its transaction, in order.

One line of canonical JSON a posting, ordered by (transaction id, position); see docs/algorithms/ledger.md,
from which anyone can recompute it without this code.

The seal tells that a day was changed. Its leaves tell where: of each transaction the beginning of the SHA-256
of its lines, kept beside the seal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from tongdao.finance.ledger.models import Posting

NO_SEAL = bytes(32)  # stands for the seal before the first one
LEAF = 8  # bytes: enough to tell rows apart; that nobody forges is the seal's
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


def lines_of(transactions: Collection[UUID]) -> bytes:
    """The canonical lines of these transactions: hashed by transaction they are its leaf."""
    rows = Posting.objects.filter(transaction_id__in=transactions).order_by("transaction_id", "position")
    return b"".join(map(_line, rows.values_list(*COLUMNS)))


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is written of a day when it is sealed. `leaves` by transaction, in the order of the seal."""

    postings: int
    seal: bytes
    leaves: Mapping[UUID, bytes] = field(repr=False)

    @property
    def packed(self) -> bytes:
        """The leaves as the day's row keeps them: 16 bytes of the id, and the leaf."""
        return b"".join(id.bytes + leaf for id, leaf in self.leaves.items())


def unpacked(leaves: bytes | memoryview) -> dict[UUID, bytes]:
    """`Sealed.packed` read again."""
    kept, size = bytes(leaves), 16 + LEAF
    rows = (kept[start : start + size] for start in range(0, len(kept), size))
    return {UUID(bytes=row[:16].ljust(16, b"\0")): row[16:] for row in rows}


def sealed(day: date, previous: bytes | memoryview | None) -> Sealed:
    """What the day's postings are sealed with, on top of the seal `previous`."""
    count, seal = 0, hashlib.sha256(bytes(previous) if previous else NO_SEAL)
    leaves: dict[UUID, bytes] = {}
    seal.update(f"{day.isoformat()}\n".encode())
    for transaction, rows in groupby(postings_of(day), key=lambda row: row[0]):
        leaf = hashlib.sha256()
        for row in rows:
            line = _line(row)
            seal.update(line)
            leaf.update(line)
            count += 1
        leaves[transaction] = leaf.digest()[:LEAF]
    return Sealed(count, seal.digest(), leaves)


def _line(row: tuple[Any, ...]) -> bytes:
    return (json.dumps([_text(value) for value in row], separators=(",", ":")) + "\n").encode()


def _text(value: object) -> str | int | None:
    """Numbers and null as they are; ids, days and moments (UTC) as text, bytes in hexadecimal."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
