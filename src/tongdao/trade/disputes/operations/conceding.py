"""A side gives in before anything is ruled: nobody has to wait for an arbiter to be told what both want."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.states import claim
from tongdao.trade.aftersales.deadlines import GOODS_BACK
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import agree_to_case, grant_case, withdraw_case
from tongdao.trade.aftersales.operations.pausing import resume_case
from tongdao.trade.disputes.events import DisputeConceded
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations.moving import lock_dispute, person_of
from tongdao.trade.disputes.refusals import DisputeMoved
from tongdao.trade.disputes.states import DISPUTE


def goods_first(case: AfterSale) -> bool:
    """Whether a seller that gives in has the goods sent back before money moves."""
    return case.kind in GOODS_BACK and case.received_at is None


def may_concede(dispute: Dispute, case: AfterSale, side: Side) -> bool:
    """The seller can; the buyer, where the seller called and no goods have gone back."""
    if dispute.state != "open":
        return False
    return side == Side.SELLER or (dispute.opened_by == Side.SELLER and case.state == "requested")


def concede(dispute_id: UUID, *, side: Side, actor: Actor, expected: int | None = None) -> AfterSale:
    """The seller gives what was asked (the goods may come back, or the money goes), the buyer withdraws it.

    `expected`: the fen that whoever grants it has seen. Raises NotFound, DisputeMoved, RefundChanged.
    """
    dispute, case = lock_dispute(dispute_id, person_id=person_of(side, actor))
    if not may_concede(dispute, case, side):
        raise DisputeMoved(state=dispute.state)
    claim(DISPUTE, "open", "dropped", Dispute, [dispute.id], ended_at=clock.now(), due_at=None)
    dispute.refresh_from_db()
    resume_case(case)
    payload = DisputeConceded(case.id, case.order_id, case.person_id, Code(side.value))
    record(payload, subject=dispute, actor=actor)
    if side == Side.BUYER:
        return withdraw_case(case.id, actor=actor)
    if goods_first(case):
        return agree_to_case(case.id, actor=actor)
    return grant_case(case.id, actor=actor, expected=expected)
