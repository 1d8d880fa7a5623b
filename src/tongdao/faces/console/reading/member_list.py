"""Members as a search shows them: hidden in part, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tongdao.faces.console.reading.people import shown_names, sign_in_names
from tongdao.faces.lists.nouns.members import half_hidden
from tongdao.foundation.pii import mask_name
from tongdao.party.members.finding import members_among
from tongdao.party.people.models import Identity, Person


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`name` is empty for a guest; it and `sign_in` are hidden in part."""

    member_id: UUID
    name: str
    sign_in: str
    joined_at: datetime


def member_rows(persons: QuerySet[Identity, UUID] | QuerySet[Person, UUID], limit: int) -> list[MemberRow]:
    """The latest members among these persons."""
    members = members_among(persons, limit=limit)
    ids = [member.person_id for member in members]
    names, signs = shown_names(ids), sign_in_names(ids)
    return [
        MemberRow(
            row.id,
            mask_name(names[row.person_id]) if row.person_id in names else "",
            half_hidden(signs.get(row.person_id, "")),
            row.joined_at,
        )
        for row in members
    ]
