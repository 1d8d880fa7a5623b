"""What the sides do: call the platform, state their case, take it back, appeal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.events import Code, record
from tongdao.foundation.states import claim
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations.moving import lock_case, undisputed
from tongdao.trade.aftersales.operations.once import said_before
from tongdao.trade.aftersales.operations.pausing import pause_case, resume_case
from tongdao.trade.disputes.events import DisputeAppealed, DisputeDropped, DisputeOpened, DisputeStated
from tongdao.trade.disputes.models import Dispute, Outcome, Ruling
from tongdao.trade.disputes.operations.moving import lock_dispute, person_of, say
from tongdao.trade.disputes.refusals import DisputeMoved, NotDisputable, NotYoursToAppeal
from tongdao.trade.disputes.states import DISPUTE

MAY_CALL: Mapping[str, tuple[str, ...]] = {
    Side.BUYER: ("refused",),
    Side.SELLER: ("requested", "received"),
}
"""In which states of a case a side may call the platform."""


def open_dispute(
    case_id: UUID, text: str, files: Sequence[Kept] = (), *, side: Side, actor: Actor
) -> Dispute:
    """The platform is to decide; until then the case's clock stands still. A second call finds the first.

    Raises NotFound, NotDisputable, StatementMissing.
    """
    case = lock_case(case_id, person_id=person_of(side, actor))
    before = Dispute.objects.filter(aftersale=case, ended_at__isnull=True).first()
    if before and before.opened_by == side:
        return before
    if before or case.state not in MAY_CALL[side] or _was_ruled(case):
        raise NotDisputable(state=case.state)
    now = clock.now()
    answer_by = now + rules.DISPUTE_ANSWER.on(now)
    dispute = Dispute.objects.create(
        aftersale=case,
        order_id=case.order_id,
        person_id=case.person_id,
        opened_by=side,
        opened_at=now,
        answer_by=answer_by,
        due_at=answer_by + rules.ARBITRATION_WITHIN.on(now),
    )
    say(dispute, side, "opening", text, files, actor=actor)
    pause_case(undisputed(case))
    payload = DisputeOpened(case.id, case.order_id, case.person_id, Code(side.value))
    record(payload, subject=dispute, actor=actor)
    return dispute


def _was_ruled(case: AfterSale) -> bool:
    """What was ruled on is not ruled on again. That the goods come first is no word on how they came back:
    if the sides cannot settle that, it can be asked about, once.
    """
    last = Ruling.objects.filter(dispute__aftersale=case).order_by("ruled_at", "id").last()
    return last is not None and not (last.goods_back and case.received_at)


def state_case(
    dispute_id: UUID, text: str, files: Sequence[Kept] = (), *, side: Side, actor: Actor, key: str = ""
) -> None:
    """A side says more to the arbiter, as long as nothing is ruled for good; with the same `key` (8 to 64
    characters) once. Raises NotFound, DisputeMoved, StatementMissing, BadRequestKey, CaseWordsChanged.
    """
    if said_before(key, dispute_id, "answer", text, files, actor=actor):
        return
    dispute, case = lock_dispute(dispute_id, person_id=person_of(side, actor))
    if dispute.state not in ("open", "appealed"):
        raise DisputeMoved(state=dispute.state)
    say(dispute, side, "answer", text, files, actor=actor)
    record(DisputeStated(case.id, Code(side.value)), subject=dispute, actor=actor)


def drop_dispute(dispute_id: UUID, *, side: Side, actor: Actor) -> Dispute:
    """Whoever called the platform takes it back before it ruled; the case goes on where it was.

    Raises NotFound, DisputeMoved.
    """
    dispute, case = lock_dispute(dispute_id, person_id=person_of(side, actor))
    ended = {"ended_at": clock.now(), "due_at": None}
    mine = dispute.opened_by == side
    if not mine or not claim(DISPUTE, "open", "dropped", Dispute, [dispute.id], **ended):
        raise DisputeMoved(state=dispute.state)
    dispute.refresh_from_db()
    resume_case(case)
    record(DisputeDropped(case.id, Code(side.value)), subject=dispute, actor=actor)
    return dispute


def appeal(
    dispute_id: UUID, text: str, files: Sequence[Kept] = (), *, side: Side, actor: Actor, key: str = ""
) -> Dispute:
    """A side that did not get all does not accept the first ruling: another arbiter looks. Once; sent again
    with the same `key` it answers with the dispute as it is.

    Raises NotFound, DisputeMoved, NotYoursToAppeal, StatementMissing, BadRequestKey, CaseWordsChanged.
    """
    if said_before(key, dispute_id, "appeal", text, files, actor=actor):
        return Dispute.objects.get(pk=dispute_id)
    dispute, case = lock_dispute(dispute_id, person_id=person_of(side, actor))
    ruling = Ruling.objects.filter(dispute=dispute).first()
    if ruling is None or dispute.state != "ruled":
        raise DisputeMoved(state=dispute.state)
    if ruling.outcome == {Side.BUYER: Outcome.BUYER, Side.SELLER: Outcome.SELLER}[side]:
        raise NotYoursToAppeal()
    now = clock.now()
    changes = {"appealed_by": side.value, "due_at": now + rules.ARBITRATION_WITHIN.on(now)}
    if not claim(DISPUTE, "ruled", "appealed", Dispute, [dispute.id], **changes):
        raise DisputeMoved(state=dispute.state)
    dispute.refresh_from_db()
    say(dispute, side, "appeal", text, files, actor=actor)
    record(DisputeAppealed(case.id, Code(side.value)), subject=dispute, actor=actor)
    return dispute
