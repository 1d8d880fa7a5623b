from __future__ import annotations

from django.db.models import Max

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import BadInput
from tongdao.terms.plans.events import CommissionPlanSet
from tongdao.terms.plans.models import CommissionPlan


class RateOutOfRange(BadInput):
    """A commission lies between 0 and 50 percent of what the buyer paid."""


MOST_BPS = 5_000


def set_plan(rate_bps: int, *, actor: Actor) -> CommissionPlan:
    """A new version from now on. Orders placed before keep the version that they froze."""
    if not 0 <= rate_bps <= MOST_BPS:
        raise RateOutOfRange(rate_bps=rate_bps)
    now = clock.now()
    CommissionPlan.objects.filter(effective_to__isnull=True).update(effective_to=now)
    last = CommissionPlan.objects.aggregate(last=Max("version"))["last"] or 0
    plan = CommissionPlan.objects.create(version=last + 1, rate_bps=rate_bps, effective_from=now)
    record(CommissionPlanSet(plan_version=plan.version, rate_bps=rate_bps), subject=plan, actor=actor)
    return plan
