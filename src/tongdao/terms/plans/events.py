from __future__ import annotations

from dataclasses import dataclass

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class CommissionPlanSet:
    """Orders from now on freeze this version. `rate_bps` are basis points of the paid price of a line."""

    plan_version: int
    rate_bps: int


define("commission_plan.set", CommissionPlanSet)
