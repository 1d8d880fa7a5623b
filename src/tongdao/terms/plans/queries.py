from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tongdao.terms.plans.models import CommissionPlan


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan in force. `rate_bps` of what the buyer pays for a line, without freight."""

    version: int
    rate_bps: int

    @property
    def rule_version(self) -> str:
        return f"plan:{self.version}"


def plan_at(moment: datetime) -> Plan | None:
    """The merchant's commission plan at that moment, or None: nothing is paid for referring."""
    row = CommissionPlan.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gt=moment), effective_from__lte=moment
    ).first()
    return Plan(row.version, row.rate_bps) if row else None
