"""Orders that a promoter earns on, with the lines that the amount comes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum

from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.queries.shares import shares_of
from tongdao.terms.plans.matching import Rule, agreed
from tongdao.terms.plans.queries import rule_named, rules_named
from tongdao.terms.promotions.queries import waiting_seats

Stage = Literal["estimated", "held", "released", "over"]
_ORDER = (
    "id", "number", "state", "placed_at", "pay_by", "paid_at", "ship_by", "confirm_by",
    "completed_at", "release_at", "released_at", "closed_at", "close_reason",
)  # fmt: skip
_COLUMNS = [f"line__order__{name}" for name in _ORDER]


@dataclass(frozen=True, slots=True)
class Sale:
    """An order and what the promoter earns on it, in fen. Of who bought it there is nothing.

    `agreed_fen` was agreed when it was placed; `earned_fen` is what is left of it. `group_by`: until then its
    buying group has to form.
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
    release_at: datetime | None
    released_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    title: str
    lines: int
    agreed_fen: Fen
    kept_fen: Fen
    group_by: datetime | None = None

    @property
    def stage(self) -> Stage:
        if self.state in ("placed", "closing"):
            return "estimated"
        if self.state in ("closed", "cancelled") or not self.kept_fen:
            return "over"
        return "released" if self.released_at else "held"

    @property
    def due_at(self) -> datetime | None:
        """From then on it can be released. None when that is past, and something of the order is open."""
        return self.release_at if self.release_at and self.release_at > clock.now() else None

    @property
    def earned_fen(self) -> Fen:
        return Fen(0) if self.stage == "over" else self.kept_fen

    @property
    def clawed_fen(self) -> Fen:
        """Taken back because goods were."""
        return Fen(self.agreed_fen - self.kept_fen)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """`agreed_fen` is what `rule` of the plan's version pays on `paid_fen`, or less where the channel's fee
    left less. Frozen. `earned_fen` is what is left of it after `back_fen` of the payment went back.
    """

    title: str
    option_text: str
    picture: str
    quantity: int
    paid_fen: Fen
    earned_fen: Fen
    plan_version: int
    rule: Rule
    agreed_fen: Fen
    back_fen: Fen
    line_id: UUID

    @property
    def capped(self) -> bool:
        """The channel's fee left less than the rule promises."""
        return self.agreed_fen < agreed(self.rule, self.paid_fen, self.quantity)


def in_stage(stage: Stage) -> Q:
    """Which shares stand there. Paid for, and all of it given back: that is over too."""
    mine = Commission.objects.filter(order_id=OuterRef("line__order_id"), promoter_id=OuterRef("beneficiary"))
    left = Q(Exists(mine.filter(clawed_fen__lt=F("amount_fen"))))
    paid = Q(line__order__state__in=["paid", "completed"])
    return {
        "estimated": Q(line__order__state__in=["placed", "closing"]),
        "held": paid & left & Q(line__order__released_at__isnull=True),
        "released": paid & left & Q(line__order__released_at__isnull=False),
        "over": Q(line__order__state__in=["closed", "cancelled"]) | (paid & ~left),
    }[stage]


def sales(
    promoter_ids: Sequence[UUID],
    *,
    stage: Stage | None = None,
    order_id: UUID | None = None,
    order_ids: Collection[UUID] | None = None,
    offset: int = 0,
    limit: int = 20,
) -> list[Sale]:
    """Newest first; of one stage, of one order, or of several."""
    shares = shares_of(promoter_ids)
    if stage is not None:
        shares = shares.filter(in_stage(stage))
    if order_id is not None:
        shares = shares.filter(line__order_id=order_id)
    if order_ids is not None:
        shares = shares.filter(line__order_id__in=list(order_ids))
    found = (
        shares.values_list(*_COLUMNS)
        .annotate(title=Min("line__title"), lines=Count("id"), agreed=Sum("amount_fen"), left=Sum("kept"))
        .order_by("-line__order__placed_at", "-line__order__id")[offset : offset + limit]
    )
    rows = [(*row[:-2], Fen(int(row[-2])), Fen(int(row[-1]))) for row in found]
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
            "commissions__clawed_fen",
            "commissions__base_back_fen",
            "line_id",
        )
    )
    found = list(rows)
    rules = rules_named({row[6] for row in found})
    return [
        SaleLine(
            *row[:5],
            earned_fen=Fen(row[5] - (row[7] or 0)),
            plan_version=rule_named(row[6])[0],
            rule=rules[row[6]],
            agreed_fen=row[5],
            back_fen=row[8] or Fen(0),
            line_id=row[9],
        )
        for row in found
    ]
