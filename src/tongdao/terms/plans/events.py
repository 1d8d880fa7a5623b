from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class CommissionPlanSet:
    """Orders from `effective_from` on (None: from now on) freeze this version.

    `rate_bps` are basis points of the paid price of a line by the last rule, 0 where that pays a fixed
    amount; `rules` is how many there are.
    """

    plan_version: int
    rate_bps: int
    rules: int | None = None
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommissionPlanWithdrawn:
    """The version will not begin; the one before it holds on."""

    plan_version: int


@dataclass(frozen=True, slots=True)
class PromoterGraded:
    """The promoter has this grade of the plan's version: `level` from 1, the easiest; 0 is none."""

    plan_version: int
    level: int


define("promoter.graded", PromoterGraded)
define("commission_plan.set", CommissionPlanSet)
define("commission_plan.withdrawn", CommissionPlanWithdrawn)
