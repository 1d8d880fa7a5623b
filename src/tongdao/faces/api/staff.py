"""Who works for a merchant, who is invited, and the merchant's own roles."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema
from pydantic import model_validator

from tongdao.faces.api.access import Call, as_person, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffInvitation, StaffMember, StaffRole
from tongdao.party.merchants.operations import (
    accept_invitation,
    archive_role,
    change_role,
    create_role,
    edit_role,
    find_invitation,
    invite_staff,
    remove_staff,
    revoke_invitation,
    role_named,
)
from tongdao.party.merchants.permissions import Permission, rights_in
from tongdao.party.people.models import Person

router = Router(tags=["staff"])
MOST = 500  # of a list

if TYPE_CHECKING:
    StaffFilters = Filters
else:
    StaffFilters = filters_of("staff")
STAFF = "/merchants/{merchant_id}/staff"
INVITATIONS = "/merchants/{merchant_id}/staff-invitations"
ROLES = "/merchants/{merchant_id}/staff-roles"


class RoleIn(Input):
    """One of the house's roles, or one of the merchant's own."""

    role: Role | None = None
    role_id: UUID | None = None

    @model_validator(mode="after")
    def one(self) -> "RoleIn":
        if (self.role is None) == (self.role_id is None):
            raise ValueError("either role or role_id")
        return self

    def given(self) -> Role | StaffRole:
        """In the merchant's scope; raises NotFound."""
        return self.role if self.role else role_named(self.role_id or UUID(int=0))


class InvitationIn(RoleIn):
    for_whom: Text = Field(min_length=1, max_length=40)


class OwnRoleIn(Input):
    label: Text = Field(min_length=1, max_length=40)
    permissions: list[Permission] = Field(min_length=1, max_length=100)


class StaffOut(Schema):
    staff_id: UUID
    person_id: UUID
    shown_name: str | None
    role: Role | None
    role_id: UUID | None
    joined_at: datetime


class InvitationOut(Schema):
    """`token` only in the answer that made it: it is kept nowhere."""

    invitation_id: UUID
    for_whom: str
    role: Role | None
    role_id: UUID | None
    expires_at: datetime
    token: str | None = None


class OwnRoleOut(Schema):
    role_id: UUID
    label: str
    permissions: list[str]


class WorkplaceOut(Schema):
    merchant_id: UUID
    staff_id: UUID


@operation(router, "GET", STAFF, need="staff.manage", answer=list[StaffOut])
def list_staff(request: Call, merchant_id: UUID, filters: Annotated[StaffFilters, Query()]) -> list[StaffOut]:
    """All who work here now, or whom the filters leave, the longest here first."""
    if not any(filters.model_dump().values()):
        filters = filters.model_copy(update={"show": "here"})
    return _shown(rows_of(LISTS["staff"], filters, MOST, 0))


@operation(router, "PATCH", STAFF + "/{staff_id}", need="staff.manage", answer=StaffOut, refuses=[409])
def change_staff_role(request: Call, merchant_id: UUID, staff_id: UUID, body: RoleIn) -> StaffOut:
    """Give another role, at most what I may do myself."""
    return _shown([change_role(staff_id, body.given(), actor=as_staff(request))])[0]


@operation(
    router, "DELETE", STAFF + "/{staff_id}", need="staff.manage", answer=None, status=204, refuses=[409]
)
def remove_from_staff(request: Call, merchant_id: UUID, staff_id: UUID) -> None:
    """End a person's work here."""
    remove_staff(staff_id, actor=as_staff(request))


@operation(router, "GET", INVITATIONS, need="staff.manage", answer=list[InvitationOut])
def list_invitations(request: Call, merchant_id: UUID) -> list[InvitationOut]:
    """Those that can still be accepted, the newest first."""
    rows = StaffInvitation.objects.filter(state="open", expires_at__gt=clock.now())
    return [_invitation(row) for row in rows.order_by("-created_at", "-id")]


@operation(router, "POST", INVITATIONS, need="staff.manage", answer=InvitationOut, status=201)
def invite_to_staff(request: Call, merchant_id: UUID, body: InvitationIn) -> InvitationOut:
    """Make a token that works once: whoever accepts it works here. Hand it only to the one you mean."""
    made = invite_staff(body.given(), body.for_whom, actor=as_staff(request))
    return _invitation(made.invitation, made.token)


@operation(
    router,
    "DELETE",
    INVITATIONS + "/{invitation_id}",
    need="staff.manage",
    answer=None,
    status=204,
    refuses=[410],
)
def revoke_staff_invitation(request: Call, merchant_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back."""
    revoke_invitation(invitation_id, actor=as_staff(request))


@operation(
    router,
    "POST",
    "/staff-invitations/{token}/acceptance",
    need="person",
    answer=WorkplaceOut,
    status=201,
    refuses=[409, 410],
)
def accept_staff_invitation(request: Call, token: str) -> WorkplaceOut:
    """Work for the merchant who sent me this token."""
    found = find_invitation(token)
    with merchant_scope(found.merchant_id):
        row = accept_invitation(found.id, actor=as_person(request))
    return WorkplaceOut(merchant_id=found.merchant_id, staff_id=row.id)


@operation(router, "GET", ROLES, need="staff.manage", answer=list[OwnRoleOut])
def list_staff_roles(request: Call, merchant_id: UUID) -> list[OwnRoleOut]:
    """Roles of the merchant's own, by name."""
    return [_role(row) for row in StaffRole.objects.filter(archived_at__isnull=True).order_by("label", "id")]


@operation(router, "POST", ROLES, need="staff.manage", answer=OwnRoleOut, status=201, refuses=[409])
def create_staff_role(request: Call, merchant_id: UUID, body: OwnRoleIn) -> OwnRoleOut:
    """Make a role, with at most what I may do myself."""
    return _role(create_role(body.label, body.permissions, actor=as_staff(request)))


@operation(router, "PUT", ROLES + "/{role_id}", need="staff.manage", answer=OwnRoleOut, refuses=[409])
def edit_staff_role(request: Call, merchant_id: UUID, role_id: UUID, body: OwnRoleIn) -> OwnRoleOut:
    """Change what a role may do, for all who have it."""
    return _role(edit_role(role_id, body.label, body.permissions, actor=as_staff(request)))


@operation(
    router, "DELETE", ROLES + "/{role_id}", need="staff.manage", answer=None, status=204, refuses=[409]
)
def archive_staff_role(request: Call, merchant_id: UUID, role_id: UUID) -> None:
    """Give a role that nobody has to nobody any more."""
    archive_role(role_id, actor=as_staff(request))


def _shown(rows: list[StaffMember]) -> list[StaffOut]:
    names = dict(
        Person.objects.filter(pk__in=[row.person_id for row in rows]).values_list("id", "shown_name")
    )
    return [
        StaffOut(
            staff_id=row.id,
            person_id=row.person_id,
            shown_name=names.get(row.person_id),
            role=Role(row.role) if row.role else None,
            role_id=row.custom_id,
            joined_at=row.joined_at,
        )
        for row in rows
    ]


def _invitation(row: StaffInvitation, token: str | None = None) -> InvitationOut:
    return InvitationOut(
        invitation_id=row.id,
        for_whom=row.for_whom,
        role=Role(row.role) if row.role else None,
        role_id=row.custom_id,
        expires_at=row.expires_at,
        token=token,
    )


def _role(row: StaffRole) -> OwnRoleOut:
    return OwnRoleOut(role_id=row.id, label=row.label, permissions=sorted(rights_in("", row).permissions))
