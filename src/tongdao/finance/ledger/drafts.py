"""What is to be booked, before it is booked. A draft that exists is well-formed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.refusals import BadDraft, TransactionKeyReused
from tongdao.foundation.money import FEN_MAX, Fen

KEY_LENGTH = 120
KIND_LENGTH = 32
_ENCODER = (
    msgspec.json.Encoder()
)  # for texts, ids and whole numbers the bytes that `input_hash` hashes, sooner


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` (fen, above zero) goes from `source` to `destination`; `reference` is the order line, if any.

    Raises BadDraft.
    """

    source: AccountRef
    destination: AccountRef
    amount: Fen
    reference: UUID | None = None

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise BadDraft(self, problem="amount_not_whole_fen")
        if not 0 < self.amount <= FEN_MAX:
            raise BadDraft(self, problem="amount_out_of_range")
        if self.source == self.destination:
            raise BadDraft(self, problem="source_is_destination")


@dataclass(frozen=True, slots=True)
class Draft:
    """One transaction to post; raises BadDraft.

    `key` makes it happen once; `subject` is the row that it is about (payment attempt, order, refund).
    `reverses` is set by `reversal` alone. `booked_on` None means: today, or the next open day.
    """

    key: str
    kind: str
    subject: UUID
    postings: Sequence[Line]
    currency: str = "CNY"
    reverses: UUID | None = None
    booked_on: date | None = None

    def __post_init__(self) -> None:
        if not self.postings:
            raise BadDraft(self, problem="no_postings")
        if not 0 < len(self.key) <= KEY_LENGTH or not 0 < len(self.kind) <= KIND_LENGTH:
            raise BadDraft(self, problem="key_or_kind_length")
        if not (self.key + self.kind).isprintable():
            raise BadDraft(self, problem="key_or_kind_unprintable")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise BadDraft(self, problem="currency")

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is to be booked. The day is no part of it: a repetition may come a day later."""
        lines = [
            (line.source.code, line.destination.code, line.amount, line.reference) for line in self.postings
        ]
        return transaction_digest(self.kind, self.subject, self.currency, self.reverses, lines)

    def accounts(self) -> set[AccountRef]:
        return {account for line in self.postings for account in (line.source, line.destination)}


@dataclass(frozen=True, slots=True)
class Posted:
    """A transaction in the books. `repeated`: it was there before, under the same key with the same input."""

    id: UUID
    key: str
    booked_on: date
    repeated: bool


def transaction_digest(
    kind: str,
    subject: UUID,
    currency: str,
    reverses: UUID | None,
    lines: Iterable[tuple[str, str, int, UUID | None]],
) -> bytes:
    """The input hash of a transaction, from its lines (source code, destination code, fen, reference)."""
    return hashlib.sha256(_ENCODER.encode([kind, subject, currency, reverses, list(lines)])).digest()


def distinct(batch: Iterable[Draft]) -> dict[str, Draft]:
    """The drafts by key; raises TransactionKeyReused where one batch holds two inputs under one key."""
    found: dict[str, Draft] = {}
    for draft in batch:
        first = found.setdefault(draft.key, draft)
        if first is not draft and (first.digest, first.booked_on) != (draft.digest, draft.booked_on):
            raise TransactionKeyReused(draft, key=draft.key)
    return found
