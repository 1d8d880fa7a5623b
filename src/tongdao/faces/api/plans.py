"""What a merchant pays to its promoters."""

from uuid import UUID

from ninja import Field, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.plan_shapes import (
    CommissionDraftIn,
    CommissionDraftOut,
    CommissionTrialOut,
    PlanOut,
    PlanRulesIn,
    PromoterGradeOut,
    PublishIn,
    draft_out,
    grade_out,
    grades_of,
    plan_out,
    rules_of,
    trial_out,
)
from tongdao.faces.api.shapes import Input, Limit, Offset, Page
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.queries import standing_of
from tongdao.rewards.planning.operations import ask_trial, trial_of, try_plan
from tongdao.terms.plans.drafting import discard_draft, draft_now, put_draft
from tongdao.terms.plans.grading import current_grades
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.plans.operations import publish_plan, set_plan, withdraw_plan
from tongdao.terms.plans.queries import plan_version, plan_versions

router = Router(tags=["promoters"])
DESK = "/merchants/{merchant_id}"
PLANS = f"{DESK}/commission-plans"
DRAFT = f"{DESK}/commission-draft"


class PlanIn(Input):
    rate_bps: int = Field(
        strict=True, ge=0, le=5_000, description="Basis points of what the buyer pays, without freight"
    )


def _told(plan: CommissionPlan) -> PlanOut:
    return plan_out(plan_version(plan.id), clock.now())


@operation(router, "GET", f"{DESK}/commission-plan", need="promoters.manage", answer=PlanOut)
def read_commission_plan(request: Call, merchant_id: UUID) -> PlanOut:
    """The commission plan in force."""
    now = clock.now()
    rows = CommissionPlan.objects.filter(effective_from__lte=now, withdrawn_at__isnull=True)
    row = rows.order_by("-version").first()
    if row is None:
        raise NotFound()
    return _told(row)


@operation(
    router,
    "PUT",
    f"{DESK}/commission-plan",
    need="promoters.manage",
    answer=PlanOut,
    refuses=[409],
)
def set_commission_plan(request: Call, merchant_id: UUID, body: PlanIn) -> PlanOut:
    """A new commission plan of one rate from now on; orders placed before keep theirs."""
    return _told(set_plan(body.rate_bps, actor=as_staff(request)))


@operation(router, "GET", PLANS, need="promoters.manage", answer=Page[PlanOut])
def list_commission_plans(
    request: Call, merchant_id: UUID, limit: Limit = 20, offset: Offset = 0
) -> Page[PlanOut]:
    """All versions, latest first; also those that wait to begin or were withdrawn."""
    found, now = plan_versions(offset=offset, limit=limit + 1), clock.now()
    return Page(items=[plan_out(each, now) for each in found[:limit]], more=len(found) > limit)


@operation(router, "POST", PLANS, need="promoters.manage", answer=PlanOut, status=201, refuses=[409])
def publish_commission_plan(request: Call, merchant_id: UUID, body: PublishIn) -> PlanOut:
    """A new version of ordered rules; the one before it holds until it begins."""
    plan = publish_plan(
        rules_of(body),
        grades_of(body),
        effective_from=body.effective_from,
        why=body.why,
        actor=as_staff(request),
    )
    return _told(plan)


@operation(router, "POST", f"{PLANS}/trial", need="promoters.manage", answer=CommissionTrialOut)
def try_commission_plan(request: Call, merchant_id: UUID, body: PlanRulesIn) -> CommissionTrialOut:
    """What these rules would have paid on the orders of the last 30 days."""
    rules = rules_of(body)
    trial = try_plan(rules, clock.now())
    if trial is None:
        trial = trial_of(ask_trial(rules))
    return trial_out(trial)


@operation(router, "GET", f"{PLANS}/{{plan_id}}", need="promoters.manage", answer=PlanOut)
def read_commission_plan_version(request: Call, merchant_id: UUID, plan_id: UUID) -> PlanOut:
    """One version with its rules, and what is left of their budgets."""
    return plan_out(plan_version(plan_id), clock.now())


@operation(
    router,
    "POST",
    f"{PLANS}/{{plan_id}}/withdraw",
    need="promoters.manage",
    answer=PlanOut,
    refuses=[409],
)
def withdraw_commission_plan(request: Call, merchant_id: UUID, plan_id: UUID) -> PlanOut:
    """Withdraw a version that has not begun."""
    return _told(withdraw_plan(plan_id, actor=as_staff(request)))


@operation(router, "GET", DRAFT, need="promoters.manage", answer=CommissionDraftOut)
def read_commission_draft(request: Call, merchant_id: UUID) -> CommissionDraftOut:
    """The plan that the desk is working on."""
    return draft_out(draft_now())


@operation(router, "PUT", DRAFT, need="promoters.manage", answer=CommissionDraftOut, refuses=[409])
def save_commission_draft(request: Call, merchant_id: UUID, body: CommissionDraftIn) -> CommissionDraftOut:
    """Put rules and grades into the draft; nothing holds before it is published."""
    return draft_out(put_draft(rules_of(body), grades_of(body), seen=body.seen_version))


@operation(router, "DELETE", DRAFT, need="promoters.manage", answer=None, status=204)
def discard_commission_draft(request: Call, merchant_id: UUID) -> None:
    """Throw the draft away."""
    discard_draft()


@operation(
    router,
    "GET",
    f"{DESK}/promoters/me/grade",
    need="person",
    answer=PromoterGradeOut,
    refuses=[404],
)
def read_my_grade(request: Call, merchant_id: UUID) -> PromoterGradeOut:
    """My grade as a promoter and the figures that gave it; 404 before I was graded."""
    standing = standing_of(request.auth.id, merchant_id)
    if standing is None or standing.promoter_id is None:
        raise NotFound()
    with merchant_scope(merchant_id):
        return _grade(standing.promoter_id)


@operation(
    router,
    "GET",
    f"{DESK}/promoters/{{promoter_id}}/grade",
    need="promoters.manage",
    answer=PromoterGradeOut,
)
def read_promoter_grade(request: Call, merchant_id: UUID, promoter_id: UUID) -> PromoterGradeOut:
    """A promoter's grade and the figures that gave it; 404 before it was graded."""
    return _grade(promoter_id)


def _grade(promoter_id: UUID) -> PromoterGradeOut:
    row = current_grades([promoter_id]).get(promoter_id)
    if row is None:
        raise NotFound()
    return grade_out(row)
