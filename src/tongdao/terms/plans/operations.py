from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.models import Merchant
from tongdao.terms.plans.checking import Grade, check_plan
from tongdao.terms.plans.events import CommissionPlanSet, CommissionPlanWithdrawn
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionBudget, CommissionGrade, CommissionPlan, CommissionRule
from tongdao.terms.plans.refusals import PlanBegun, PlanInPast, PlanWaiting, PlanWhyTooLong

_SET_ELSEWHERE = {"position", "id", "left_fen"}
STATED = tuple(each.name for each in fields(Rule) if each.name not in _SET_ELSEWHERE)
"""What a rule says, by column."""


def set_plan(rate_bps: int, *, actor: Actor) -> CommissionPlan:
    """A new version from now on, of one rule. Orders placed before keep the version that they froze.

    Raises RateOutOfRange or PlanWaiting.
    """
    return publish_plan([Rule(rate_bps=rate_bps)], actor=actor)


def publish_plan(
    rules: Sequence[Rule],
    grades: Sequence[Grade] = (),
    *,
    effective_from: datetime | None = None,
    why: str = "",
    actor: Actor,
) -> CommissionPlan:
    """A new version from `effective_from` on (None: from now on); the one before it holds until then.

    Raises a refusal of this room: what is wrong with it, or that another one waits to begin.
    """
    check_plan(rules, grades)
    text = " ".join(why.split())
    if len(text) > 200:
        raise PlanWhyTooLong()
    Merchant.objects.select_for_update(no_key=True).get(pk=current_merchant())  # versions one after another
    now = clock.now()
    begins = effective_from or now
    if begins < now:
        raise PlanInPast()
    if _standing().filter(effective_from__gt=now).exists():
        raise PlanWaiting()
    _standing().filter(effective_to__isnull=True).update(effective_to=begins)
    last = CommissionPlan.objects.aggregate(last=Max("version"))["last"] or 0
    plan = CommissionPlan.objects.create(
        version=last + 1,
        effective_from=begins,
        published_at=now,
        published_by=actor.id,
        why=text,
        grades_due_at=begins if grades else None,
    )
    _write(plan, rules, grades)
    event = CommissionPlanSet(plan.version, rules[-1].rate_bps or 0, len(rules), effective_from)
    record(event, subject=plan, actor=actor)
    return plan


def _standing() -> QuerySet[CommissionPlan]:
    return CommissionPlan.objects.filter(withdrawn_at__isnull=True)


def _write(plan: CommissionPlan, rules: Sequence[Rule], grades: Sequence[Grade]) -> None:
    rows = [
        CommissionRule(plan=plan, position=position, **{name: getattr(rule, name) for name in STATED})
        for position, rule in enumerate(rules, 1)
    ]
    CommissionRule.objects.bulk_create(rows)
    CommissionBudget.objects.bulk_create(
        CommissionBudget(rule=row, budget_fen=row.budget_fen) for row in rows if row.budget_fen is not None
    )
    CommissionGrade.objects.bulk_create(
        CommissionGrade(
            plan=plan,
            position=position,
            name=grade.name,
            least_fen=grade.least_fen,
            most_refunded_bps=grade.most_refunded_bps,
        )
        for position, grade in enumerate(grades, 1)
    )


def withdraw_plan(plan_id: UUID, *, actor: Actor) -> CommissionPlan:
    """A plan that has not begun will not; the one before it holds on. Doing it again changes nothing.

    Raises NotFound or PlanBegun.
    """
    Merchant.objects.select_for_update(no_key=True).get(pk=current_merchant())
    plan = CommissionPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound()
    if plan.withdrawn_at is not None:
        return plan
    now = clock.now()
    if plan.effective_from <= now:
        raise PlanBegun()
    plan.withdrawn_at = now
    plan.save(update_fields=["withdrawn_at"])
    _standing().filter(effective_to=plan.effective_from).update(effective_to=None)
    record(CommissionPlanWithdrawn(plan_version=plan.version), subject=plan, actor=actor)
    return plan
