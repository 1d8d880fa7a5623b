"""A share of a line in the books: when, from which account to which, how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.queries import TransactionView, statement_of
from tongdao.foundation.money import Fen


@dataclass(frozen=True, slots=True)
class Booked:
    """`fen` went from `source` to `destination`; `kind` is the transaction's: "capture", "release" …"""

    at: datetime
    kind: str
    source: AccountRef
    destination: AccountRef
    fen: Fen


def booked(promoter_ids: Sequence[UUID], line_id: UUID) -> list[Booked]:
    """What moved this line's share, the oldest first; of the line's other shares nothing."""
    return own_postings(promoter_ids, statement_of(line_id))


def own_postings(promoter_ids: Sequence[UUID], found: Sequence[TransactionView]) -> list[Booked]:
    """Those of the postings that touch an account of these promoters."""
    mine = set(promoter_ids)
    return [
        Booked(each.at, each.kind, posting.source, posting.destination, posting.amount)
        for each in found
        for posting in each.postings
        if {posting.source.owner, posting.destination.owner} & mine
    ]
