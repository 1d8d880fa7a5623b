"""A dispute as both sides and the arbiter see it. In the merchant's scope; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.disputes.models import Dispute, Outcome, Ruling, Statement, StatementFile
from tongdao.trade.disputes.operations.conceding import may_concede
from tongdao.trade.disputes.operations.escalating import MAY_CALL

May = Literal["call", "state", "drop", "concede", "appeal", "accept"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a side said to the arbiter, and the rows of what it showed."""

    side: str
    step: str
    text: str
    said_at: datetime
    files: tuple[StatementFile, ...]


@dataclass(frozen=True, slots=True)
class DisputeView:
    """`rulings`: the first, and after an appeal the second, which stands."""

    row: Dispute
    statements: tuple[Said, ...]
    rulings: tuple[Ruling, ...]

    @property
    def may_rule(self) -> bool:
        """Whether an arbiter may decide now: both were heard, or had the time for it."""
        if self.row.state == "appealed":
            return True
        heard = {each.side for each in self.statements} >= {"buyer", "seller"}
        return self.row.state == "open" and (heard or clock.now() >= self.row.answer_by)

    def may(self, side: Side) -> tuple[May, ...]:
        """What a side may do now."""
        if self.row.state == "open":
            drop: tuple[May, ...] = ("drop",) if self.row.opened_by == side else ()
            concede: tuple[May, ...] = ("concede",) if may_concede(self.row, self.row.aftersale, side) else ()
            return ("state", *drop, *concede)
        if self.row.state == "appealed":
            return ("state",)
        if self.row.state != "ruled":
            return ()
        won = {Side.BUYER: Outcome.BUYER, Side.SELLER: Outcome.SELLER}[side]
        outcome = self.rulings[0].outcome
        if outcome == won:
            return ()
        return ("appeal",) if outcome == Outcome.PART else ("accept", "appeal")


def dispute_of(case_id: UUID) -> DisputeView | None:
    """The latest of the case."""
    row = (
        Dispute.objects.select_related("aftersale")
        .filter(aftersale_id=case_id)
        .order_by("-opened_at", "-id")
        .first()
    )
    return _view(row) if row else None


def disputes_open(case_ids: Collection[UUID]) -> dict[UUID, Dispute]:
    """Those of the cases that go on, by case."""
    rows = Dispute.objects.filter(aftersale_id__in=case_ids, ended_at__isnull=True) if case_ids else ()
    return {row.aftersale_id: row for row in rows}


def dispute_view(dispute_id: UUID) -> DisputeView:
    """Raises NotFound."""
    row = Dispute.objects.select_related("aftersale").filter(pk=dispute_id).first()
    if row is None:
        raise NotFound()
    return _view(row)


def may_call(case: AfterSale, side: Side, before: DisputeView | None) -> bool:
    """Whether that side may take the case to the platform now."""
    if case.state not in MAY_CALL[side] or before is None:
        return case.state in MAY_CALL[side]
    settled = before.rulings and not (before.rulings[-1].goods_back and case.received_at)
    return before.row.ended_at is not None and not settled


def _view(row: Dispute) -> DisputeView:
    said = list(Statement.objects.filter(dispute=row).order_by("said_at", "id"))
    files: defaultdict[UUID, list[StatementFile]] = defaultdict(list)
    for file in StatementFile.objects.filter(statement__in=said).exclude(file="").order_by("position"):
        files[file.statement_id].append(file)
    return DisputeView(
        row=row,
        statements=tuple(
            Said(each.side, each.step, each.text, each.said_at, tuple(files[each.id])) for each in said
        ),
        rulings=tuple(Ruling.objects.filter(dispute=row).order_by("round")),
    )


def file_of(dispute_id: UUID, file_id: UUID) -> StatementFile:
    """A file of the dispute. Raises NotFound."""
    row = StatementFile.objects.filter(pk=file_id, statement__dispute_id=dispute_id).exclude(file="").first()
    if row is None:
        raise NotFound()
    return row
