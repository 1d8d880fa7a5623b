"""Checking the books against themselves: seals, digests, and what must hold of all postings together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from tongdao.finance.ledger.closings import wrong_closings
from tongdao.finance.ledger.days import ONE_DAY
from tongdao.finance.ledger.drafts import transaction_digest
from tongdao.finance.ledger.models import LedgerDay, Posting
from tongdao.finance.ledger.seals import COLUMNS, NO_SEAL, postings_of, sealed, unpacked
from tongdao.foundation.tenancy import current_merchant

What = Literal[
    "postings_count",  # the sealed day holds more or fewer postings than were sealed
    "seal",  # its postings are not those that were sealed
    "row",  # this transaction, or one of its postings, is not as it was sealed, or is gone, or was not there
    "chain",  # the seal stands on another seal than that of the day before
    "gap",  # the day before a sealed day is not sealed
    "day_missing",  # postings on a day that the books do not have
    "transaction",  # a transaction is not what its input hash says
    "closing",  # an account's sum at the end of a sealed day is not that of its postings
    "booked_on",  # a transaction has no postings, or some on another day than its own
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a day: what was written down, and what is found now."""

    day: date
    what: What
    expected: str = ""
    found: str = ""
    transaction: UUID | None = None

    def __str__(self) -> str:
        named = f", transaction {self.transaction}" if self.transaction else ""
        return f"{self.day}: {self.what}{named} (expected {self.expected or '-'}, found {self.found or '-'})"


def verify_seals() -> list[Problem]:
    """Recompute the merchant's seals and the input hash of each transaction; what does not agree."""
    problems: list[Problem] = []
    before: LedgerDay | None = None
    for row in LedgerDay.objects.order_by("day").iterator(chunk_size=10):
        problems += [*_check_day(row, before), *_check_transactions(row.day)]
        before = row
    return [*problems, *_days_without_row(), *_check_headers(), *_check_closings()]


def _check_day(row: LedgerDay, before: LedgerDay | None) -> Iterator[Problem]:
    if row.sealed_at is None:
        return
    if before and (before.sealed_at is None or before.day != row.day - ONE_DAY):
        yield Problem(row.day, "gap", "the day before sealed", before.day.isoformat())
    chained, previous = _bytes(before.seal if before else None), _bytes(row.previous)
    if chained != previous:
        yield Problem(row.day, "chain", chained.hex(), previous.hex())
    now = sealed(row.day, row.previous)
    if now.postings != row.postings:
        yield Problem(row.day, "postings_count", str(row.postings), str(now.postings))
    if now.seal != _bytes(row.seal):
        yield Problem(row.day, "seal", _bytes(row.seal).hex(), now.seal.hex())
    if row.leaves is not None:  # a day that was sealed before there were leaves is named as a whole
        yield from _check_rows(row.day, unpacked(row.leaves), now.leaves)


def _check_rows(day: date, kept: Mapping[UUID, bytes], found: Mapping[UUID, bytes]) -> Iterator[Problem]:
    for id in sorted(kept.keys() | found.keys()):
        before, now = kept.get(id, b"").hex(), found.get(id, b"").hex()
        if before != now:
            yield Problem(day, "row", before, now, id)


def _bytes(value: bytes | memoryview | None) -> bytes:
    return bytes(value) if value else NO_SEAL


def _check_transactions(day: date) -> Iterator[Problem]:
    """Each transaction's digest from the rows that are there now, against the one made when it was posted."""
    for number, rows in groupby(postings_of(day), key=lambda row: row[0]):
        kept, found = _digests(list(rows))
        if kept != found:
            yield Problem(day, "transaction", kept.hex(), found.hex(), number)


def _digests(rows: list[tuple[Any, ...]]) -> tuple[bytes, bytes]:
    """The input hash that is kept, and the one that the rows (seals.COLUMNS) have."""
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    lines = [(r["source__code"], r["destination__code"], r["amount_fen"], r["reference"]) for r in named]
    head = named[0]
    found = transaction_digest(
        head["transaction__kind"],
        head["transaction__subject"],
        head["currency"],
        head["transaction__reverses_id"],
        lines,
    )
    return bytes(head["transaction__input_hash"]), found


def _days_without_row() -> Iterator[Problem]:
    known = LedgerDay.objects.values("day")
    for day in Posting.objects.exclude(booked_on__in=known).values_list("booked_on", flat=True).distinct():
        yield Problem(day, "day_missing")


# A transaction whose postings are gone, wholly or to another day.
_HEADERS = """
select t.booked_on, t.id, p.booked_on
from ledger_transaction t
left join ledger_posting p on p.merchant_id = t.merchant_id and p.transaction_id = t.id
where t.merchant_id = %s and p.booked_on is distinct from t.booked_on
"""


def _check_headers() -> Iterator[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(_HEADERS, [current_merchant()])
        for header, number, day in cursor.fetchall():
            yield Problem(header, "booked_on", header.isoformat(), str(day or "no postings"), number)


def _check_closings() -> Iterator[Problem]:
    for day, code, *figures in wrong_closings():
        given, received, true_given, true_received = (str(figure) for figure in figures)
        yield Problem(day, "closing", f"{code} -{given} +{received}", f"-{true_given} +{true_received}")
