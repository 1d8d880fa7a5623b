"""What the platform's arbiters do: decide, with a reason and the rule that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.events import Code, record
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotAllowed
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.deadlines import GOODS_BACK
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations import worth_of
from tongdao.trade.disputes.events import DisputeRuled
from tongdao.trade.disputes.models import Dispute, Outcome, Ruling
from tongdao.trade.disputes.operations.enforcing import enforce
from tongdao.trade.disputes.operations.moving import checked, lock_dispute
from tongdao.trade.disputes.refusals import DisputeMoved, RulingIncomplete, SameArbiter, TooEarlyToRule
from tongdao.trade.disputes.rules import RULES
from tongdao.trade.disputes.states import DISPUTE


@dataclass(frozen=True, slots=True)
class Decision:
    """`goods_back`: the goods come first (kinds that return them only). `goods_fen`: of PART."""

    outcome: str
    rule: str
    text: str
    goods_back: bool = False
    goods_fen: int | None = None


def rule_dispute(dispute_id: UUID, decision: Decision, *, actor: Actor) -> Ruling:
    """The first ruling waits for an appeal; the second, of another arbiter, is carried out at once.

    Before each side had its time to state its case nothing is ruled, unless both have. Raises NotFound,
    NotAllowed, DisputeMoved, TooEarlyToRule, RulingIncomplete, SameArbiter, StatementMissing.
    """
    if actor.kind != "operator" or actor.id is None:
        raise NotAllowed()
    dispute, case = lock_dispute(dispute_id)
    if dispute.state not in ("open", "appealed"):
        raise DisputeMoved(state=dispute.state)
    _check(dispute, case, decision, actor.id)
    number = 1 if dispute.state == "open" else 2
    ruling = Ruling.objects.create(
        dispute=dispute,
        round=number,
        outcome=decision.outcome,
        goods_back=decision.goods_back,
        goods_fen=None if decision.goods_fen is None else Fen(decision.goods_fen),
        rule=decision.rule,
        text=checked(decision.text),
        arbiter_id=actor.id,
        ruled_at=clock.now(),
    )
    _note(dispute, ruling, actor)
    if number == 1:
        now = clock.now()
        claim(DISPUTE, "open", "ruled", Dispute, [dispute.id], due_at=now + rules.APPEAL_WITHIN.on(now))
    else:
        enforce(dispute, case, ruling, actor=actor)
    return ruling


def _check(dispute: Dispute, case: AfterSale, decision: Decision, arbiter: UUID) -> None:
    heard = set(dispute.statements.values_list("side", flat=True)) >= {"buyer", "seller"}
    if dispute.state == "open" and clock.now() < dispute.answer_by and not heard:
        raise TooEarlyToRule()
    if Ruling.objects.filter(dispute=dispute, arbiter_id=arbiter).exists():
        raise SameArbiter()
    part = decision.outcome == Outcome.PART
    known = decision.outcome in Outcome.values and decision.rule in RULES
    if not known or part != (decision.goods_fen is not None):
        raise RulingIncomplete()
    if decision.goods_back and (
        case.kind not in GOODS_BACK or case.received_at or decision.outcome == Outcome.SELLER
    ):
        raise RulingIncomplete()
    if decision.goods_fen is not None and not 0 < decision.goods_fen <= worth_of(case):
        raise RulingIncomplete()
    if part and case.items.count() > 1:  # an amount is of one line: `case_backs` would give back all of them
        raise RulingIncomplete()


def _note(dispute: Dispute, ruling: Ruling, actor: Actor) -> None:
    """In the merchant's log, and in the operators' own."""
    payload = DisputeRuled(
        dispute.aftersale_id,
        dispute.order_id,
        dispute.person_id,
        round=ruling.round,
        outcome=Code(str(ruling.outcome)),
        rule=Code(ruling.rule),
        goods_fen=ruling.goods_fen or 0,
    )
    record(payload, subject=dispute, actor=actor, reason=ruling.rule)
    note_deed(
        "dispute.rule",
        ("dispute", dispute.id),
        actor=actor,
        reason=ruling.text[:200].ljust(4, "."),
        merchant_id=current_merchant(),
        details={"outcome": str(ruling.outcome), "rule": ruling.rule, "round": ruling.round},
    )
