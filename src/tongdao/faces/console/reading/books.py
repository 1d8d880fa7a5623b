"""The books of a merchant with the names of whose account it is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.finance.ledger.queries import TrialRow, trial_balance
from tongdao.party.network.models import Partner, Promoter


@dataclass(frozen=True, slots=True)
class BookRow:
    """An account's sums, in fen; `owner` is the name of whose it is, where it is somebody's."""

    row: TrialRow
    owner: str


def books() -> list[BookRow]:
    rows = trial_balance()
    owners = {row.account.owner for row in rows if row.account.owner}
    names: dict[UUID, str] = dict(Partner.objects.filter(pk__in=owners).values_list("id", "name"))
    names |= {row.id: row.shown_name for row in Promoter.objects.filter(pk__in=owners)}
    return [BookRow(row, names.get(row.account.owner, "") if row.account.owner else "") for row in rows]
