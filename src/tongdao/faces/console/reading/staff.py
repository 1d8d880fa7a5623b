"""Who works here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.console.reading.people import shown_names, sign_in_names
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import StaffMember


@dataclass(frozen=True, slots=True)
class StaffRow:
    staff_id: UUID
    person_id: UUID
    name: str
    sign_in: str
    role: str
    joined_at: datetime


def staff() -> list[StaffRow]:
    """The longest here first."""
    return _rows(list(StaffMember.objects.filter(left_at__isnull=True).order_by("joined_at", "id")))


def staff_row(staff_id: UUID) -> StaffRow:
    """Raises NotFound, also for who has left."""
    rows = _rows(list(StaffMember.objects.filter(pk=staff_id, left_at__isnull=True)))
    if not rows:
        raise NotFound()
    return rows[0]


def _rows(members: list[StaffMember]) -> list[StaffRow]:
    names = shown_names(row.person_id for row in members)
    signs = sign_in_names(row.person_id for row in members)
    return [
        StaffRow(
            staff_id=row.id,
            person_id=row.person_id,
            name=names.get(row.person_id) or signs.get(row.person_id, ""),
            sign_in=signs.get(row.person_id, ""),
            role=row.role,
            joined_at=row.joined_at,
        )
        for row in members
    ]
