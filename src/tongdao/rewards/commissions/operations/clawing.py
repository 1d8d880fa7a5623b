"""What a refund takes back of commissions: from where each stands, or as a debt where it was paid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongdao.finance.ledger.chart import BUYER_FUNDS, held_promoter, owed_back_promoter, released_promoter
from tongdao.finance.ledger.operations import Line
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import find_prepared
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.rewards.commissions.events import CommissionClawedBack
from tongdao.rewards.commissions.models import Clawback, Commission
from tongdao.rewards.commissions.states import COMMISSION
from tongdao.trade.aftersales.operations.giving_back import Taken, TakingBack
from tongdao.trade.orders.models.agreed import ShareKind

OF_SHARES = "merchant_id = %s and share_id = any(%s) order by id for no key update"
COUNT = """
update commission c set clawed_fen = c.clawed_fen + n.amount_fen, owed_fen = c.owed_fen + n.owed_fen,
  base_back_fen = c.base_back_fen + n.base_fen
from jsonb_to_recordset(%s::jsonb)
  as n(commission_id uuid, amount_fen bigint, owed_fen bigint, base_fen bigint)
where c.merchant_id = current_setting('tongdao.merchant')::uuid and c.id = n.commission_id
"""


@dataclass(frozen=True, slots=True)
class Claw:
    """What one refund takes back of one commission; `owed` of it can only be asked back."""

    commission: Commission
    share: Taken
    owed: Fen

    @property
    def whole(self) -> bool:
        """Nothing is earned on the line any more."""
        return self.commission.clawed_fen + self.share.fen == self.commission.amount_fen


def claw_back(taking: TakingBack) -> None:
    """Take the promoters' parts back, in the refunds' own transaction. It never refuses."""
    shares = {share.share_id: share for share in taking.shares if share.kind == ShareKind.PROMOTER}
    if not shares:
        return
    enter_rank(Rank.COMMISSION)
    rows = find_prepared(Commission, OF_SHARES, [current_merchant(), list(shares)])
    claws = [_claw(row, shares[row.share_id]) for row in rows]
    _write(claws, taking)
    for claw in claws:
        claw.share.case.postings.extend(_lines(claw))
    _end(claws)
    record_many(_event(claw, taking.actor) for claw in claws if claw.share.fen)


def _event(claw: Claw, actor: Actor) -> Mapping[str, Any]:
    payload = CommissionClawedBack(
        order_id=claw.share.case.order.id,
        promoter_id=claw.commission.promoter_id,
        amount_fen=claw.share.fen,
        owed_fen=claw.owed,
    )
    about = Subject("commission", claw.commission.id, claw.commission.version)
    return as_row(payload, subject=about, actor=actor, request=claw.share.case.giving.request)


def _claw(row: Commission, share: Taken) -> Claw:
    """Held, all of it is there; released, what did not go to older debts; else the promoter has it."""
    there = row.payable_fen if row.state in ("held", "released") else 0
    return Claw(row, share, Fen(max(0, share.fen - there)))


def _write(claws: Sequence[Claw], taking: TakingBack) -> None:
    together, counted = Together(), []
    for claw in claws:
        amounts = {
            "commission_id": claw.commission.id,
            "base_fen": claw.share.goods_fen,
            "amount_fen": claw.share.fen,
            "owed_fen": claw.owed,
        }
        counted.append(amounts)
        together.add(Clawback, case_line_id=claw.share.case_line_id, at=taking.at, **amounts)
    together.also(COUNT, counted)
    together.execute()


def _lines(claw: Claw) -> Iterator[Line]:
    row, line_id = claw.commission, claw.share.line_id
    rest = Fen(claw.share.fen - claw.owed)
    if rest:
        account = held_promoter if row.state == "held" else released_promoter
        yield Line(account(row.promoter_id), BUYER_FUNDS, rest, line_id)
    if claw.owed:
        yield Line(owed_back_promoter(row.promoter_id), BUYER_FUNDS, claw.owed, line_id)


def _end(claws: Sequence[Claw]) -> None:
    """What went back whole before it was paid out is void."""
    whole: dict[str, list[UUID]] = {"held": [], "released": []}
    for claw in claws:
        if claw.whole and claw.commission.state in whole:
            whole[claw.commission.state].append(claw.commission.id)
    claim(COMMISSION, "held", "void", Commission, whole["held"])
    claim(COMMISSION, "released", "void", Commission, whole["released"])
