"""Batches and payouts as staff see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Sum

from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.settlement.models import Payout, PayoutBatch, PayoutLine, Transfer
from tongdao.rewards.settlement.states import OPEN


@dataclass(frozen=True, slots=True)
class Several:
    """How many payouts, and how much together."""

    payouts: int
    fen: Fen


NONE = Several(0, Fen(0))


@dataclass(frozen=True, slots=True)
class BatchTotals:
    """By state of its payouts. `arrived_fen`: by transfers and at the bank, also of what is not over."""

    by_state: Mapping[str, Several]
    arrived_fen: Fen

    @property
    def payouts(self) -> int:
        return sum(each.payouts for each in self.by_state.values())

    @property
    def fen(self) -> Fen:
        return Fen(sum(each.fen for each in self.by_state.values()))

    def of(self, state: str) -> Several:
        return self.by_state.get(state, NONE)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line of an order that a payout pays for, and what it brings."""

    commission_id: UUID
    order_id: UUID
    number: str
    title: str
    rule_version: str
    amount_fen: Fen


@dataclass(frozen=True, slots=True)
class Sending:
    """How the money of a payout travels: its transfers by part, the latest of each part last."""

    transfers: Sequence[Transfer]
    arrived_fen: Fen
    open: int

    @property
    def stuck(self) -> bool:
        """The last transfer of a part came to nothing: somebody has to send it again, or give up."""
        last = {row.part: row.state for row in self.transfers}
        return any(state in ("failed", "cancelled") for state in last.values())


def batch_row(batch_id: UUID) -> PayoutBatch:
    """Raises NotFound."""
    row = PayoutBatch.objects.filter(pk=batch_id).first()
    if row is None:
        raise NotFound()
    return row


def batch_totals(batch_ids: Sequence[UUID]) -> dict[UUID, BatchTotals]:
    found: dict[UUID, dict[str, Several]] = {id: {} for id in batch_ids}
    rows = Payout.objects.filter(batch_id__in=list(batch_ids)).order_by().values_list("batch_id", "state")
    for id, state, many, fen in rows.annotate(many=Count("id"), fen=Sum("amount_fen")):
        found[id][state] = Several(many, Fen(int(fen)))
    parts = Transfer.objects.filter(state="paid", payout__batch_id__in=list(batch_ids))
    sums = dict(parts.order_by().values_list("payout__batch_id").annotate(fen=Sum("amount_fen")))
    banks = Payout.objects.filter(batch_id__in=list(batch_ids)).order_by().values_list("batch_id")
    paid = dict(banks.annotate(fen=Sum("bank_fen")))
    return {
        id: BatchTotals(states, Fen(int(sums.get(id, 0)) + int(paid.get(id, 0))))
        for id, states in found.items()
    }


def rejected_for(batch_id: UUID) -> str:
    """The code of why it was rejected; nothing where none was said."""
    events = timeline(Subject("payout_batch", batch_id))
    return next((each.reason for each in reversed(events) if each.name == "payout_batch.decided"), "")


def payout_row(payout_id: UUID) -> Payout:
    """Raises NotFound."""
    row = Payout.objects.select_related("batch").filter(pk=payout_id).first()
    if row is None:
        raise NotFound()
    return row


def paid_lines(payout_id: UUID) -> list[PaidLine]:
    """The oldest order first."""
    rows = PayoutLine.objects.filter(payout_id=payout_id).order_by("commission_id")
    columns = (
        "commission_id",
        "commission__order_id",
        "commission__order__number",
        "commission__line__title",
    )
    found = rows.values_list(*columns, "commission__share__rule_version", "amount_fen")
    return [PaidLine(*row) for row in found]


def sendings_of(payout_ids: Sequence[UUID]) -> dict[UUID, Sending]:
    rows: dict[UUID, list[Transfer]] = {id: [] for id in payout_ids}
    for row in Transfer.objects.filter(payout_id__in=list(payout_ids)).order_by("part", "id"):
        rows[row.payout_id].append(row)
    banks = dict(Payout.objects.filter(pk__in=list(payout_ids)).values_list("id", "bank_fen"))
    return {
        id: Sending(
            found,
            Fen(banks.get(id, 0) + sum(row.amount_fen for row in found if row.state == "paid")),
            sum(row.state in OPEN for row in found),
        )
        for id, found in rows.items()
    }
