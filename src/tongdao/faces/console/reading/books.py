"""The books of a merchant with the names of whose account it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tongdao.finance.ledger.queries import TrialRow, kind_balances, trial_balance
from tongdao.party.network.models import Partner, Promoter


@dataclass(frozen=True, slots=True)
class BookRow:
    """An account's sums, in fen; `owner` is the name of whose it is, where it is somebody's."""

    row: TrialRow
    owner: str


def books(on: date | None = None) -> list[BookRow]:
    """Now, or at the end of a day."""
    rows = trial_balance(on)
    owners = {row.account.owner for row in rows if row.account.owner}
    names: dict[UUID, str] = dict(Partner.objects.filter(pk__in=owners).values_list("id", "name"))
    names |= {row.id: row.shown_name for row in Promoter.objects.filter(pk__in=owners)}
    return [BookRow(row, names.get(row.account.owner, "") if row.account.owner else "") for row in rows]


@dataclass(frozen=True, slots=True)
class KindBar:
    """All accounts of a kind: its balance in fen, and its length of 1,000 where the longest is that long."""

    kind: str
    fen: int
    length: int


ALWAYS = (
    *("external.buyer", "buyer_funds", "held.seller", "released.seller", "held.promoter"),
    *("released.promoter", "claimed.promoter", "owed_back.promoter", "external.payee", "channel_fee"),
    *("tax_withheld", "coupon_cost", "refund_due"),
)


def kind_bars(rows: Iterable[BookRow]) -> list[KindBar]:
    """In the order in which money travels; those that may matter always, others where they were used."""
    sums = dict.fromkeys(ALWAYS, 0)
    for found in kind_balances(each.row for each in rows):
        sums[found.kind] = sums.get(found.kind, 0) + found.balance
    longest = max(map(abs, sums.values()), default=0)
    return [
        KindBar(kind, fen, max(abs(fen) * 1_000 // longest, 4) if fen else 0) for kind, fen in sums.items()
    ]
