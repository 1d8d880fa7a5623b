"""What this room holds of a promoter: the name that buyers read goes, the agreement stays as evidence."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.personal import BLANK, holds
from tongdao.party.network.models import Promoter, PromoterConsent
from tongdao.party.network.operations import leave_promoter


def stop_promoting(person_id: UUID) -> int:
    rows = Promoter.objects.filter(person_id=person_id, left_at__isnull=True)
    for row in rows:
        leave_promoter(row.id, actor=Actor("person", person_id))
    return len(rows)


holds(
    Promoter,
    "blanked",
    erase=stop_promoting,
    shows=("shown_name", "joined_at", "left_at"),
    blank={"shown_name": BLANK},
)
holds(
    PromoterConsent,
    "kept",
    shows=("version", "age_from", "listed_occupation", "at"),
    laws=("retention.identity",),
    since="at",
)
