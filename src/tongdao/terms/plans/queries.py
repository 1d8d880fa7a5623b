from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.models import Product
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule, Sale, match_all, with_left
from tongdao.terms.plans.models import CommissionBudget, CommissionGrade, CommissionPlan, CommissionRule

NO_SKU = UUID(int=0)
Phase = Literal["in_force", "waiting", "over", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of the plan with its rules in their order; the last one holds for everything."""

    version: int
    rules: tuple[Rule, ...]

    @property
    def rest(self) -> Rule:
        """The rule for everything that no other rule holds for."""
        return self.rules[-1]

    @property
    def graded(self) -> bool:
        """It matters which grade a promoter has."""
        return any(rule.grade for rule in self.rules)

    @property
    def pays_own(self) -> bool:
        """Something may be earned on what one buys oneself."""
        return any(rule.pays_own for rule in self.rules)

    def name(self, rule: Rule) -> str:
        """What an order line freezes: version and rule, "plan:3.2"."""
        return f"plan:{self.version}.{rule.position}"

    def with_left(self, left: Mapping[UUID, Fen]) -> Plan:
        """As if so much were left of its budgets."""
        return replace(self, rules=with_left(self.rules, left))


_RULE = (
    "rate_bps", "unit_fen", "product_id", "sku_id", "category", "channel", "grade", "starts_at", "ends_at",
    "least_fen", "most_fen", "budget_fen", "pays_own", "position", "id",
)  # fmt: skip
_GRADE = ("name", "least_fen", "most_refunded_bps")
_IN_FORCE = f"""
select plan.version, {", ".join(f"rule.{name}" for name in _RULE)}, budget.budget_fen - budget.spent_fen
from commission_plan plan
join commission_rule rule on rule.merchant_id = plan.merchant_id and rule.plan_id = plan.id
left join commission_budget budget on budget.merchant_id = rule.merchant_id and budget.rule_id = rule.id
where plan.merchant_id = %s and plan.effective_from <= %s
  and (plan.effective_to is null or plan.effective_to > %s) and plan.withdrawn_at is null
order by rule.position
"""  # noqa: S608 names of this module


def plan_at(moment: datetime) -> Plan | None:
    """The merchant's commission plan at that moment, or None: nothing is paid for referring."""
    return read(ask_plan(moment))


def plan_after(moment: datetime) -> tuple[datetime, Plan] | None:
    """The plan that is published and begins later, with its beginning."""
    rows = CommissionPlan.objects.filter(effective_from__gt=moment, withdrawn_at__isnull=True)
    begins = rows.values_list("effective_from", flat=True).first()
    plan = plan_at(begins) if begins else None
    return (begins, plan) if begins and plan else None


def ask_plan(moment: datetime) -> Asking[Plan | None]:
    """`plan_at`, side by side with other questions. What is left of budgets is read without a lock."""
    rows = yield from ask(_IN_FORCE, [current_merchant(), moment, moment])
    return Plan(rows[0][0], tuple(Rule(*row[1:]) for row in rows)) if rows else None


_GRADES = """
select distinct on (promoter_id) promoter_id, grade from promoter_grade
where merchant_id = %s and promoter_id = any(%s) and effective_from <= %s
order by promoter_id, effective_from desc
"""


def ask_grades(promoter_ids: Collection[UUID], moment: datetime) -> Asking[dict[UUID, str]]:
    """The grade of each promoter at that moment; who has none is left out."""
    if not promoter_ids:
        return {}
    rows = yield from ask(_GRADES, [current_merchant(), sorted(promoter_ids), moment])
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Offered:
    """Who would bring the buyer, and by which entrance."""

    promoter_id: UUID
    channel: str


def offered_at(moment: datetime, plan: Plan, by: Offered, goods: Mapping[UUID, Fen]) -> dict[UUID, Fen]:
    """What one piece of each product at that price would earn, by product: before the channel's fee, and
    without the rules for single SKUs.
    """
    grade = read(ask_grades([by.promoter_id], moment)).get(by.promoter_id, "") if plan.graded else ""
    sorts = any(rule.category for rule in plan.rules)
    found = Product.objects.filter(pk__in=list(goods)).values_list("id", "category") if sorts else ()
    categories = dict(found)
    sales = [
        Sale(NO_SKU, id, categories.get(id, ""), by.channel, grade, moment, 1, fen, fen)
        for id, fen in goods.items()
    ]
    matches = [match_all(plan.rules, [sale]).lines[0] for sale in sales]
    return {id: one.fen if one else Fen(0) for id, one in zip(goods, matches, strict=True)}


def rule_named(name: str) -> tuple[int, int]:
    """Version and position of what an order line froze. "plan:3" is of the time when a plan was one rule."""
    version, _, position = name.partition(":")[2].partition(".")
    return int(version), int(position or 1)


def rules_named(names: Collection[str]) -> dict[str, Rule]:
    """The rules that order lines froze, by what they froze."""
    wanted = {name: rule_named(name) for name in names}
    rows = CommissionRule.objects.filter(plan__version__in={version for version, _ in wanted.values()})
    found = {
        (version, values[-2]): Rule(*values) for version, *values in rows.values_list("plan__version", *_RULE)
    }
    return {name: found[place] for name, place in wanted.items()}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the plan with all that it says; `left_fen` of its rules is as of now."""

    row: CommissionPlan
    rules: tuple[Rule, ...]
    grades: tuple[Grade, ...]

    def phase(self, now: datetime) -> Phase:
        """Where it is in its time."""
        if self.row.withdrawn_at is not None:
            return "withdrawn"
        if self.row.effective_from > now:
            return "waiting"
        over = self.row.effective_to is not None and self.row.effective_to <= now
        return "over" if over else "in_force"


def plan_versions(*, offset: int = 0, limit: int = 20) -> list[Version]:
    """Latest first; one that waits to begin is the first."""
    return _versions(list(CommissionPlan.objects.order_by("-version")[offset : offset + limit]))


def plan_version(plan_id: UUID) -> Version:
    """One of them; raises NotFound."""
    found = _versions(list(CommissionPlan.objects.filter(pk=plan_id)))
    if not found:
        raise NotFound()
    return found[0]


def version_before(version: int) -> Version | None:
    """The last one before it that was not withdrawn."""
    rows = CommissionPlan.objects.filter(version__lt=version, withdrawn_at__isnull=True)
    found = _versions(list(rows.order_by("-version")[:1]))
    return found[0] if found else None


def _versions(rows: Sequence[CommissionPlan]) -> list[Version]:
    ids = [row.id for row in rows]
    left = {
        budget.rule_id: Fen(budget.budget_fen - budget.spent_fen)
        for budget in CommissionBudget.objects.filter(rule__plan_id__in=ids)
    }
    rules: dict[UUID, list[Rule]] = {id: [] for id in ids}
    found = CommissionRule.objects.filter(plan_id__in=ids).order_by("position")
    for plan_id, *values in found.values_list("plan_id", *_RULE):
        rules[plan_id].append(replace(Rule(*values), left_fen=left.get(values[-1])))
    grades: dict[UUID, list[Grade]] = {id: [] for id in ids}
    for plan_id, *said in (
        CommissionGrade.objects.filter(plan_id__in=ids).order_by("position").values_list("plan_id", *_GRADE)
    ):
        grades[plan_id].append(Grade(*said))
    return [Version(row, tuple(rules[row.id]), tuple(grades[row.id])) for row in rows]


def grades_of_version(version: int) -> tuple[Grade, ...]:
    """The grades of a version, easiest first."""
    rows = CommissionGrade.objects.filter(plan__version=version).order_by("position")
    return tuple(Grade(*said) for said in rows.values_list(*_GRADE))
