"""What bodies say of commission plans: rules, grades, versions, and what a plan would have paid."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.promotions import Moment
from tongdao.faces.api.shapes import Fen as FenOut
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.money import Fen
from tongdao.reach.traffic.operations import CHANNELS
from tongdao.rewards.planning.trying import Trial
from tongdao.terms.plans.checking import MOST_BPS, MOST_FEN, MOST_GRADES, MOST_RULES, Grade
from tongdao.terms.plans.drafting import Draft
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import PromoterGrade
from tongdao.terms.plans.queries import Phase, Version

Amount = Annotated[int, Field(strict=True, ge=1, le=MOST_FEN)]
Bps = Annotated[int, Field(strict=True, ge=0, le=MOST_BPS)]
Channel = Annotated[str, Field(pattern=f"^({'|'.join(sorted(CHANNELS))})?$")]
Category = Annotated[str, Field(pattern=r"^[a-z_]{0,32}$")]
GradeName = Annotated[Text, Field(max_length=24)]


class CommissionRuleIn(Input):
    """What is null or empty always holds; exactly one of `rate_bps` and `unit_fen` is given."""

    rate_bps: Bps | None = Field(None, description="Of what the buyer pays for the line, without freight")
    unit_fen: Amount | None = Field(None, description="For each unit")
    product_id: UUID | None = None
    sku_id: UUID | None = None
    category: Category = Field("", description="Kind of goods, as products have it")
    channel: Channel = Field("", description="Entrance of the link that brought the buyer")
    grade: GradeName = Field("", description="Name of one of the plan's grades")
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    least_fen: Amount | None = Field(None, description="For each unit, at least")
    most_fen: Amount | None = Field(None, description="For each unit, at most")
    budget_fen: Amount | None = Field(None, description="In all; used up, the next rule serves")
    pays_own: bool = Field(False, description="Also on what the promoter buys")


class CommissionGradeIn(Input):
    name: GradeName = Field(min_length=1)
    least_fen: Annotated[int, Field(strict=True, ge=0, le=MOST_FEN)] = Field(
        description="Own completed sales to others in the last 90 days"
    )
    most_refunded_bps: Annotated[int, Field(strict=True, ge=0, le=10_000)] = Field(
        10_000, description="Of those orders, at most so many given back as not as described"
    )


class PlanRulesIn(Input):
    """Rules in the order in which they are tried; the last one has no condition and no budget."""

    rules: list[CommissionRuleIn] = Field(min_length=1, max_length=MOST_RULES)
    grades: list[CommissionGradeIn] = Field([], max_length=MOST_GRADES)


class PublishIn(PlanRulesIn):
    effective_from: Moment | None = Field(None, description="Null: from now on")
    why: Text = Field("", max_length=200)


class CommissionDraftIn(PlanRulesIn):
    seen_version: int = Field(strict=True, ge=0, le=10**9, description="Of the draft that was read")


class CommissionRuleOut(Schema):
    position: int
    rate_bps: int | None
    unit_fen: int | None
    product_id: UUID | None
    sku_id: UUID | None
    category: str
    channel: str
    grade: str
    starts_at: datetime | None
    ends_at: datetime | None
    least_fen: int | None
    most_fen: int | None
    budget_fen: int | None
    left_fen: int | None = Field(description="Of the budget, now")
    pays_own: bool


class CommissionGradeOut(Schema):
    name: str
    least_fen: int
    most_refunded_bps: int


class PlanOut(Schema):
    """`rate_bps` is that of the last rule, 0 where it pays a fixed amount."""

    plan_id: UUID
    version: int
    rate_bps: int
    phase: Phase
    effective_from: datetime
    effective_to: datetime | None
    published_at: datetime
    published_by: UUID | None
    why: str
    rules: list[CommissionRuleOut]
    grades: list[CommissionGradeOut]


class CommissionDraftOut(Schema):
    """`version` 0: nothing was changed, it is the plan in force."""

    version: int
    rules: list[CommissionRuleOut]
    grades: list[CommissionGradeOut]


class TrialDay(Schema):
    day: date
    was_fen: FenOut
    would_fen: FenOut


class TrialRule(Schema):
    """Lines that the rule would serve; position 0 is none of them."""

    position: int
    lines: int
    was_fen: FenOut
    would_fen: FenOut


class TrialMover(Schema):
    promoter_id: UUID
    was_fen: FenOut
    would_fen: FenOut


class CommissionTrialOut(Schema):
    """What was paid on the orders of the last 30 days, and what these rules would have paid.

    `state` "waiting": there are so many that a worker reckons; ask again. `days` are those with sales.
    """

    state: Literal["done", "waiting"]
    lines: int = 0
    promoters: int = 0
    was_fen: FenOut = 0
    would_fen: FenOut = 0
    days: list[TrialDay] = []
    rules: list[TrialRule] = []
    gain: list[TrialMover] = []
    lose: list[TrialMover] = []


class PromoterGradeOut(Schema):
    """The grade, empty where none is reached, and the figures of the 90 days before that gave it."""

    grade: str
    plan_version: int
    sales_fen: FenOut
    orders: int
    refunded: int
    effective_from: datetime


def rules_of(body: PlanRulesIn) -> list[Rule]:
    return [Rule(**rule.model_dump()) for rule in body.rules]


def grades_of(body: PlanRulesIn) -> list[Grade]:
    return [Grade(one.name, Fen(one.least_fen), one.most_refunded_bps) for one in body.grades]


def plan_out(version: Version, now: datetime) -> PlanOut:
    row = version.row
    return PlanOut(
        plan_id=row.id,
        version=row.version,
        rate_bps=version.rules[-1].rate_bps or 0,
        phase=version.phase(now),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        published_at=row.published_at,
        published_by=row.published_by,
        why=row.why,
        rules=_rules(version.rules),
        grades=_grades(version.grades),
    )


def draft_out(draft: Draft) -> CommissionDraftOut:
    return CommissionDraftOut(version=draft.version, rules=_rules(draft.rules), grades=_grades(draft.grades))


def _rules(rules: tuple[Rule, ...]) -> list[CommissionRuleOut]:
    return [CommissionRuleOut(**{**asdict(rule), "position": place}) for place, rule in enumerate(rules, 1)]


def _grades(grades: tuple[Grade, ...]) -> list[CommissionGradeOut]:
    return [CommissionGradeOut(**asdict(grade)) for grade in grades]


def trial_out(trial: Trial | None) -> CommissionTrialOut:
    found: dict[str, Any] = asdict(trial) if trial else {}
    return CommissionTrialOut(state="done" if trial else "waiting", **found)


def grade_out(row: PromoterGrade) -> PromoterGradeOut:
    return PromoterGradeOut(
        grade=row.grade,
        plan_version=row.plan_version,
        sales_fen=row.sales_fen,
        orders=row.orders,
        refunded=row.refunded,
        effective_from=row.effective_from,
    )
