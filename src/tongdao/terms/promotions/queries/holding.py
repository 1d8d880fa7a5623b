"""Coupons as one person has them: what can be used, what begins soon, what is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Sum

from tongdao.party.members.models import Member
from tongdao.terms.promotions.models import PromotionMember
from tongdao.terms.promotions.queries.deals import AHEAD
from tongdao.terms.promotions.queries.listing import PromotionRow, public_coupons

LOOKING_BACK = timedelta(days=30)
"""How long an ended coupon is still told of."""
Standing = Literal["usable", "soon", "spent", "gone", "ended"]


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """`left`: how often this person may still use it; None: no limit. `spent`: its own uses are over; `gone`:
    everybody's are."""

    promotion: PromotionRow
    standing: Standing
    left: int | None


def coupons_for(person_id: UUID | None, at: datetime) -> tuple[HeldCoupon, ...]:
    """All that are offered to everybody, for this person; None: somebody new."""
    offered = public_coupons(at - LOOKING_BACK, at + AHEAD)
    used = _used(person_id, [row.id for row in offered]) if person_id else {}
    return tuple(_held(row, used.get(row.id, 0)) for row in offered)


def _held(row: PromotionRow, used: int) -> HeldCoupon:
    left = None if row.per_member is None else max(0, row.per_member - used)
    if row.phase == "running":
        return HeldCoupon(row, "usable" if left != 0 else "spent", left)
    standings: dict[str, Standing] = {"scheduled": "soon", "used_up": "spent" if left == 0 else "gone"}
    return HeldCoupon(row, standings.get(row.phase, "ended"), left)


def _used(person_id: UUID, promotion_ids: list[UUID]) -> dict[UUID, int]:
    members = list(Member.objects.filter(person_id__same_as=person_id).values_list("id", flat=True))
    rows = PromotionMember.objects.filter(promotion_id__in=promotion_ids, member_id__in=members)
    return dict(rows.values_list("promotion_id").annotate(sum=Sum("used")))
