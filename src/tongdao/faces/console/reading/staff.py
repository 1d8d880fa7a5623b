"""Who works here, who is invited, and which roles somebody may give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.console.reading.people import shown_names, sign_in_names
from tongdao.faces.console.words import ROLES, rights_name
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import Role, StaffInvitation, StaffMember, StaffRole
from tongdao.party.merchants.operations import role_named
from tongdao.party.merchants.permissions import Rights, rights_in


@dataclass(frozen=True, slots=True)
class StaffRow:
    """`role` is a code of the house's, or the id of one of the merchant's own."""

    staff_id: UUID
    person_id: UUID
    name: str
    sign_in: str
    role: str
    role_name: str
    rights: Rights
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One that can still be accepted."""

    invitation_id: UUID
    for_whom: str
    role_name: str
    expires_at: datetime


def staff() -> list[StaffRow]:
    """The longest here first."""
    rows = StaffMember.objects.select_related("custom").filter(left_at__isnull=True)
    return _rows(list(rows.order_by("joined_at", "id")))


def staff_row(staff_id: UUID) -> StaffRow:
    """Raises NotFound, also for who has left."""
    rows = StaffMember.objects.select_related("custom").filter(pk=staff_id, left_at__isnull=True)
    found = _rows(list(rows))
    if not found:
        raise NotFound()
    return found[0]


def invitations() -> list[InvitationRow]:
    """Those that can still be accepted, the newest first."""
    rows = StaffInvitation.objects.select_related("custom").filter(state="open", expires_at__gt=clock.now())
    return [
        InvitationRow(row.id, row.for_whom, rights_name(rights_in(row.role, row.custom)), row.expires_at)
        for row in rows.order_by("-created_at", "-id")
    ]


def own_roles() -> list[StaffRole]:
    """Roles of the merchant's own, by name."""
    return list(StaffRole.objects.filter(archived_at__isnull=True).order_by("label", "id"))


def roles_to_give(own: Rights) -> list[tuple[str, str]]:
    """(value, name) of all roles that somebody with these rights may give."""
    house = [
        (role.value, str(name)) for role, (name, _) in ROLES.items() if own.covers(rights_in(role, None))
    ]
    return house + [(str(row.id), row.label) for row in own_roles() if own.covers(rights_in("", row))]


def given_role(value: str) -> Role | StaffRole:
    """The role that a form's value stands for; raises NotFound."""
    if value in Role.values:
        return Role(value)
    return role_named(UUID(value))


def _rows(members: Iterable[StaffMember]) -> list[StaffRow]:
    found = list(members)
    names = shown_names(row.person_id for row in found)
    signs = sign_in_names(row.person_id for row in found)
    return [_row(row, names.get(row.person_id), signs.get(row.person_id, "")) for row in found]


def _row(row: StaffMember, name: str | None, sign_in: str) -> StaffRow:
    rights = rights_in(row.role, row.custom)
    return StaffRow(
        staff_id=row.id,
        person_id=row.person_id,
        name=name or sign_in,
        sign_in=sign_in,
        role=row.role or str(row.custom_id),
        role_name=rights_name(rights),
        rights=rights,
        joined_at=row.joined_at,
    )
