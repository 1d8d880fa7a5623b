"""The books of a merchant with the names of whose account it is, and its refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.console.reading.paging import Place, slice_of
from tongdao.finance.ledger.queries import TrialRow, trial_balance
from tongdao.foundation.money import Fen
from tongdao.party.network.models import Partner, Promoter
from tongdao.trade.payments.models import Refund


@dataclass(frozen=True, slots=True)
class BookRow:
    """An account's sums, in fen; `owner` is the name of whose it is, where it is somebody's."""

    row: TrialRow
    owner: str


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund_id: UUID
    refund_no: str
    order_id: UUID | None
    order_number: str
    amount_fen: Fen
    reason: str
    state: str
    problem: str
    tries: int
    requested_at: datetime
    succeeded_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundPage:
    rows: Sequence[RefundRow]
    newer: bool
    older: bool


def books() -> list[BookRow]:
    rows = trial_balance()
    owners = {row.account.owner for row in rows if row.account.owner}
    names: dict[UUID, str] = dict(Partner.objects.filter(pk__in=owners).values_list("id", "name"))
    names |= {row.id: row.shown_name for row in Promoter.objects.filter(pk__in=owners)}
    return [BookRow(row, names.get(row.account.owner, "") if row.account.owner else "") for row in rows]


def refund_page(state: str, place: Place) -> RefundPage:
    """`state` is one of a refund's, or empty for all."""
    refunds = Refund.objects.select_related("order")
    found = slice_of(refunds.filter(state=state) if state else refunds, place)
    return RefundPage([_row(row) for row in found.rows], found.newer, found.older)


def _row(row: Refund) -> RefundRow:
    return RefundRow(
        refund_id=row.id,
        refund_no=row.refund_no,
        order_id=row.order_id,
        order_number=row.order.number if row.order else "",
        amount_fen=Fen(row.amount_fen),
        reason=row.reason,
        state=row.state,
        problem=row.problem,
        tries=row.tries,
        requested_at=row.requested_at,
        succeeded_at=row.succeeded_at,
    )
