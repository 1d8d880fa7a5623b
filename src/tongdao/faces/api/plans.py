"""What a merchant pays to its promoters."""

from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.terms.plans.operations import set_plan
from tongdao.terms.plans.queries import plan_at

router = Router(tags=["promoters"])


class PlanIn(Input):
    rate_bps: int = Field(
        strict=True, ge=0, le=5_000, description="Basis points of what the buyer pays, without freight"
    )


class PlanOut(Schema):
    version: int
    rate_bps: int


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/commission-plan",
    need="promoters.manage",
    answer=PlanOut,
)
def read_commission_plan(request: Call, merchant_id: UUID) -> PlanOut:
    """The commission plan in force."""
    plan = plan_at(clock.now())
    if plan is None:
        raise NotFound()
    return PlanOut(version=plan.version, rate_bps=plan.rate_bps)


@operation(
    router,
    "PUT",
    "/merchants/{merchant_id}/commission-plan",
    need="promoters.manage",
    answer=PlanOut,
)
def set_commission_plan(request: Call, merchant_id: UUID, body: PlanIn) -> PlanOut:
    """A new commission plan from now on; orders placed before keep theirs."""
    plan = set_plan(body.rate_bps, actor=as_staff(request))
    return PlanOut(version=plan.version, rate_bps=plan.rate_bps)
