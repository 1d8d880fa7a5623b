"""What was ruled last is carried out by itself: nobody has to ask for it, nobody can hold it up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations.answering import agree, close, grant
from tongdao.trade.disputes.events import DisputeEnforced
from tongdao.trade.disputes.models import Dispute, Outcome, Ruling
from tongdao.trade.disputes.operations.moving import lock_dispute, person_of
from tongdao.trade.disputes.refusals import DisputeMoved, NotYoursToAppeal
from tongdao.trade.disputes.states import DISPUTE

DUE = """
select merchant_id, id from dispute where ended_at is null and state = 'ruled' and due_at <= %s
order by due_at limit %s
"""


def enforce(dispute: Dispute, case: AfterSale, ruling: Ruling, *, actor: Actor) -> None:
    """The caller holds the order's lock. The refund's own transaction is this one."""
    ended = {"ended_at": clock.now(), "due_at": None}
    if not (
        claim(DISPUTE, "ruled", "enforced", Dispute, [dispute.id], **ended)
        or claim(DISPUTE, "appealed", "enforced", Dispute, [dispute.id], **ended)
    ):
        raise DisputeMoved(state=dispute.state)
    dispute.refresh_from_db()
    payload = DisputeEnforced(case.id, case.order_id, case.person_id, Code(str(ruling.outcome)))
    record(payload, subject=dispute, actor=actor)
    if ruling.outcome == Outcome.SELLER:
        close(case, "platform", actor=actor)
    elif ruling.goods_back:
        agree(case, "platform", actor=actor)
    else:
        grant(case, "platform", actor=actor, fen=ruling.goods_fen)


def accept_ruling(dispute_id: UUID, *, side: Side, actor: Actor) -> Dispute:
    """Whoever could appeal says that it will not: it is carried out now. Raises NotFound, DisputeMoved,
    NotYoursToAppeal.
    """
    dispute, case = lock_dispute(dispute_id, person_id=person_of(side, actor))
    ruling = Ruling.objects.filter(dispute=dispute).order_by("-round").first()
    if ruling is None or dispute.state != "ruled":
        raise DisputeMoved(state=dispute.state)
    loser = {Outcome.BUYER: Side.SELLER, Outcome.SELLER: Side.BUYER}.get(Outcome(ruling.outcome))
    if loser != side:
        raise NotYoursToAppeal()
    enforce(dispute, case, ruling, actor=actor)
    return dispute


def sweep_disputes(now: datetime, limit: int = 200) -> int:
    """Carry out what nobody appealed against in time; how many."""

    def carry_out(merchant_id: UUID, dispute_id: UUID) -> None:
        with merchant_scope(merchant_id):
            _carry_out(dispute_id, now)

    return work_off(due_rows(DUE, now, limit), carry_out, "carrying out a ruling")


def _carry_out(dispute_id: UUID, now: datetime) -> None:
    dispute, case = lock_dispute(dispute_id)
    ruling = Ruling.objects.filter(dispute=dispute).order_by("-round").first()
    if ruling and dispute.state == "ruled" and dispute.due_at and dispute.due_at <= now:
        enforce(dispute, case, ruling, actor=SYSTEM)
