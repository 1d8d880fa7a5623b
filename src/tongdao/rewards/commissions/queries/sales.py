"""Orders that a promoter earns on, with the lines that the amount comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Min, Sum

from tongdao.foundation.money import Fen
from tongdao.rewards.commissions.queries.shares import shares_of
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.promotions.queries import waiting_seats

Stage = Literal["estimated", "held", "released", "over"]
STAGES: Mapping[Stage, tuple[str, ...]] = {
    "estimated": ("placed", "closing"),
    "held": ("paid",),
    "released": ("completed",),
    "over": ("closed", "cancelled"),
}
"""Which states of an order put its commission where."""
_STAGE_OF: Mapping[str, Stage] = {state: stage for stage, states in STAGES.items() for state in states}
_ORDER = (
    "id", "number", "state", "placed_at", "pay_by", "paid_at", "ship_by", "confirm_by",
    "completed_at", "closed_at", "close_reason",
)  # fmt: skip
_COLUMNS = [f"line__order__{name}" for name in _ORDER]


@dataclass(frozen=True, slots=True)
class Sale:
    """An order and what the promoter earns on it, in fen. Of who bought it there is nothing.

    `group_by`: until then its buying group has to form.
    """

    order_id: UUID
    number: str
    state: str
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    confirm_by: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    title: str
    lines: int
    earned_fen: Fen
    group_by: datetime | None = None

    @property
    def stage(self) -> Stage:
        return _STAGE_OF[self.state]


@dataclass(frozen=True, slots=True)
class SaleLine:
    """`earned_fen` is `rate_bps` of `paid_fen`, or less where the channel's fee left less. Frozen."""

    title: str
    option_text: str
    picture: str
    quantity: int
    paid_fen: Fen
    earned_fen: Fen
    plan_version: int
    rate_bps: int


def sales(
    promoter_ids: Sequence[UUID],
    *,
    stage: Stage | None = None,
    order_id: UUID | None = None,
    offset: int = 0,
    limit: int = 20,
) -> list[Sale]:
    """Newest first; of one stage, or of one order."""
    shares = shares_of(promoter_ids)
    if stage is not None:
        shares = shares.filter(line__order__state__in=STAGES[stage])
    if order_id is not None:
        shares = shares.filter(line__order_id=order_id)
    found = (
        shares.values_list(*_COLUMNS)
        .annotate(title=Min("line__title"), lines=Count("id"), earned=Sum("amount_fen"))
        .order_by("-line__order__placed_at", "-line__order__id")[offset : offset + limit]
    )
    rows = [(*row[:-1], Fen(int(row[-1]))) for row in found]
    until = _forming_until([row[0] for row in rows if row[2] == "paid"])
    told = [(*row, until.get(row[0])) for row in rows]
    return [Sale(*row) for row in told]


def _forming_until(order_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Of orders that wait for their buying group."""
    waiting = waiting_seats().filter(order_id__in=list(order_ids)) if order_ids else None
    if waiting is None:
        return {}
    return dict(waiting.filter(group__isnull=False).values_list("order_id", "group__deadline"))


def sale_lines(promoter_ids: Sequence[UUID], order_id: UUID) -> list[SaleLine]:
    """The lines of one order that pay this promoter, in their order."""
    rows = (
        shares_of(promoter_ids)
        .filter(line__order_id=order_id)
        .order_by("line__position")
        .values_list(
            "line__title",
            "line__option_text",
            "line__picture",
            "line__quantity",
            "line__paid_fen",
            "amount_fen",
            "rule_version",
        )
    )
    found = [(*row[:6], int(row[6].partition(":")[2])) for row in rows]
    versions = CommissionPlan.objects.filter(version__in={row[6] for row in found})
    rates = dict(versions.values_list("version", "rate_bps"))
    return [SaleLine(*row, rate_bps=rates[row[6]]) for row in found]
