"""What a promoter has earned, and in which stage it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Sum

from tongdao.finance.ledger.chart import held_promoter, released_promoter
from tongdao.finance.ledger.queries import balance
from tongdao.foundation.money import Fen
from tongdao.rewards.commissions.queries.sales import STAGES, Stage
from tongdao.rewards.commissions.queries.shares import shares_of


@dataclass(frozen=True, slots=True)
class Part:
    """An amount in fen and how many orders it comes from. `next_at`: when the first of them moves on."""

    fen: Fen
    orders: int
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Income:
    """`estimated` stands on orders that are not paid yet; `held` and `released` are what the ledger says.

    `waiting` are those held orders that are on their way or not yet sent, of which no date is known yet.
    """

    estimated: Part
    held: Part
    released: Part

    @property
    def nothing(self) -> bool:
        return not (self.estimated.orders or self.held.orders or self.released.orders)


def income(promoter_ids: Sequence[UUID]) -> Income:
    """Of these promoters together, who are one person."""
    states = {
        row["line__order__state"]: row
        for row in shares_of(promoter_ids)
        .values("line__order__state")
        .annotate(
            orders=Count("line__order_id", distinct=True),
            fen=Sum("amount_fen"),
            pay_by=Min("line__order__pay_by"),
            confirm_by=Min("line__order__confirm_by"),
        )
        .order_by()
    }
    held = Fen(sum(balance(held_promoter(id)) for id in promoter_ids))
    released = Fen(sum(balance(released_promoter(id)) for id in promoter_ids))
    return Income(
        estimated=Part(_sum(states, "fen"), _count(states, "estimated"), _first(states, "estimated")),
        held=Part(held, _count(states, "held"), _first(states, "held", "confirm_by")),
        released=Part(released, _count(states, "released")),
    )


def _sum(states: dict[str, Any], name: str) -> Fen:
    return Fen(sum(int(states[state][name]) for state in STAGES["estimated"] if state in states))


def _count(states: dict[str, Any], stage: Stage) -> int:
    return sum(states[state]["orders"] for state in STAGES[stage] if state in states)


def _first(states: dict[str, Any], stage: Stage, name: str = "pay_by") -> datetime | None:
    found = [states[state][name] for state in STAGES[stage] if state in states]
    return min((moment for moment in found if moment is not None), default=None)
