"""Offers that a member used. They name the member's row, never the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongdao.foundation.personal import holds, impersonal
from tongdao.party.members.models import Member
from tongdao.terms.promotions.models import Group, PromotionMember, PromotionUse


def used_by(person_id: UUID) -> QuerySet[Any]:
    members = Member.objects.filter(person_id=person_id).values("id")
    return PromotionUse.objects.filter(member_id__in=members)


holds(PromotionUse, "kept", rows=used_by, shows=("promotion__title", "units", "off_fen", "state"))
impersonal(PromotionMember, "counts for a member's row; the uses themselves are in promotion_use")
impersonal(Group, "points at the member's row that opened it, as each use does")
