"""A payout's hold on commissions: it takes what is released, and ends it paid or puts it back.

What a payout is, who approves it and how it reaches the promoter is `rewards.settlement`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.finance.ledger.chart import AccountRef, owed_back_promoter, released_promoter
from tongdao.finance.ledger.operations import Draft, Line
from tongdao.foundation.bulk import to_json
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.states import COMMISSION

EXTERNAL_PAYEE = AccountRef("external.payee")
BROUGHT = """
update commission c set part_paid_fen = c.part_paid_fen + n.fen
from jsonb_to_recordset(%s::jsonb) as n(id uuid, fen bigint) where c.merchant_id = %s and c.id = n.id
"""
FORGIVE = """
update commission c set owed_fen = c.owed_fen - n.fen
from jsonb_to_recordset(%s::jsonb) as n(id uuid, fen bigint) where c.merchant_id = %s and c.id = n.id
"""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """The commissions of one payout and what each brings it, in fen. `draft` is for the caller to post."""

    lines: dict[UUID, Fen]
    draft: Draft | None

    @property
    def fen(self) -> Fen:
        return Fen(sum(self.lines.values()))


def claimed_promoter(promoter_id: UUID) -> AccountRef:
    return AccountRef("claimed.promoter", promoter_id)


def take_for_payouts(payouts: Mapping[UUID, UUID], least: int = 1) -> dict[UUID, TakenOut]:
    """By promoter: all that is released and due to it is the payout's that stands beside it, whose id is new.

    Who has less than `least` due keeps it, and a second payout gets what is left. The amounts are read under
    the locks under which the states move, so a payout is the sum of its lines. All rows are locked at once: a
    refund holds those of one order, whoever's they are.
    """
    ids = Commission.objects.filter(promoter_id__in=list(payouts), state="released")
    locked = lock_rows(Rank.COMMISSION, Commission, ids.values_list("id", flat=True))
    due: dict[UUID, dict[UUID, Fen]] = {promoter_id: {} for promoter_id in payouts}
    for row in Commission.objects.filter(pk__in=locked, state="released").order_by("id"):
        if row.payable_fen:
            due[row.promoter_id][row.id] = Fen(row.payable_fen)
    found = {promoter: lines for promoter, lines in due.items() if sum(lines.values()) >= least}
    claim(COMMISSION, "released", "claimed", Commission, [id for lines in found.values() for id in lines])
    return {
        promoter: TakenOut(
            lines,
            _draft(
                payouts[promoter],
                "claimed",
                _line(released_promoter, claimed_promoter, promoter, sum(lines.values())),
            ),
        )
        for promoter, lines in found.items()
    }


def paid_line(promoter_id: UUID, fen: Fen) -> Line:
    """So much of a payout has reached the promoter."""
    return Line(claimed_promoter(promoter_id), EXTERNAL_PAYEE, fen)


def note_paid_out(ids: Sequence[UUID]) -> list[UUID]:
    """The promoter has the money of all these commissions, and what brought it is posted."""
    lock_rows(Rank.COMMISSION, Commission, ids)
    return claim(COMMISSION, "claimed", "paid", Commission, ids)


def put_back(
    promoter_id: UUID, payout_id: UUID, ids: Sequence[UUID], brought: Mapping[UUID, Fen] | None = None
) -> TakenOut:
    """The payout came to nothing for these, but for what it `brought` of some. What became a debt meanwhile
    is made good by what comes back.
    """
    lock_rows(Rank.COMMISSION, Commission, ids)
    back = claim(COMMISSION, "claimed", "released", Commission, ids)
    if brought:
        execute_prepared(BROUGHT, [_fen_of(brought), current_merchant()])
    rows = list(Commission.objects.filter(pk__in=back).order_by("id"))
    debts = {row.id: min(row.owed_fen - row.netted_fen, row.payable_fen) for row in rows}
    lines = {row.id: Fen(row.payable_fen - debts[row.id]) for row in rows}
    execute_prepared(FORGIVE, [_fen_of(debts), current_merchant()])
    void = [row.id for row in rows if row.clawed_fen == row.amount_fen]
    claim(COMMISSION, "released", "void", Commission, void)
    postings = [
        *_line(claimed_promoter, owed_back_promoter, promoter_id, sum(debts.values())),
        *_line(claimed_promoter, released_promoter, promoter_id, sum(lines.values())),
    ]
    return TakenOut(lines, _draft(payout_id, "put_back", postings))


def _fen_of(amounts: Mapping[UUID, int]) -> str:
    return to_json([{"id": id, "fen": fen} for id, fen in amounts.items()])


def _line(
    source: Callable[[UUID], AccountRef], to: Callable[[UUID], AccountRef], promoter_id: UUID, fen: int
) -> list[Line]:
    return [Line(source(promoter_id), to(promoter_id), Fen(fen))] if fen else []


def _draft(payout_id: UUID, step: str, postings: Sequence[Line]) -> Draft | None:
    if not postings:
        return None
    return Draft(key=f"payout:{payout_id}:{step}", kind="payout", subject=payout_id, postings=postings)
