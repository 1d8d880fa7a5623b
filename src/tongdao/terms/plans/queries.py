from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan in force. `rate_bps` of what the buyer pays for a line, without freight."""

    version: int
    rate_bps: int

    @property
    def rule_version(self) -> str:
        return f"plan:{self.version}"


_IN_FORCE = """
select version, rate_bps from commission_plan
where merchant_id = %s and effective_from <= %s and (effective_to is null or effective_to > %s)
"""


def plan_at(moment: datetime) -> Plan | None:
    """The merchant's commission plan at that moment, or None: nothing is paid for referring."""
    row = execute_prepared(_IN_FORCE, [current_merchant(), moment, moment]).fetchone()
    return Plan(*row) if row else None
