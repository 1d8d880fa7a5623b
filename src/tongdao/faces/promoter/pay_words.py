"""What the commission plan pays, for the pages of a promoter."""

from __future__ import annotations

from tongdao.faces.kit.money_text import percent
from tongdao.terms.plans.queries import Plan


def pay_context(plan: Plan | None) -> dict[str, object]:
    """For templates: `rate` in percent or `unit` in fen of the rule for everything else; `special`: how many
    rules there are beside it; `pays_own`: whether one may earn on own orders.
    """
    if plan is None:
        return {"rate": "", "unit": None, "special": 0, "pays_own": False}
    rate = plan.rest.rate_bps
    return {
        "rate": "" if rate is None else percent(rate),
        "unit": plan.rest.unit_fen,
        "special": len(plan.rules) - 1,
        "pays_own": plan.pays_own,
    }
