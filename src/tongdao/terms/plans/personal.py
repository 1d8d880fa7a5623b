"""What this room holds of a person: who published a plan, and a promoter's grades."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongdao.foundation.personal import holds
from tongdao.party.network.models import Promoter
from tongdao.terms.plans.models import CommissionPlan, PromoterGrade


def grades_of(person_id: UUID) -> QuerySet[Any]:
    promoters = Promoter.objects.filter(person_id=person_id).values("id")
    return PromoterGrade.objects.filter(promoter_id__in=promoters)


holds(
    CommissionPlan,
    "kept",
    person="published_by",
    shows=("version", "published_at"),
    laws=("retention.rule_versions",),
    since="published_at",
)
holds(
    PromoterGrade,
    "kept",
    rows=grades_of,
    shows=("grade", "sales_fen", "orders", "refunded", "effective_from"),
    laws=("retention.rule_versions",),
    since="effective_from",
)
