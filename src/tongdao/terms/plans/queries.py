from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongdao.foundation.reading import Asking, ask, read
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
    return read(ask_plan(moment))


def ask_plan(moment: datetime) -> Asking[Plan | None]:
    """`plan_at`, side by side with other questions."""
    rows = yield from ask(_IN_FORCE, [current_merchant(), moment, moment])
    return Plan(*rows[0]) if rows else None
