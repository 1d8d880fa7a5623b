"""Who works for a merchant."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import Role, StaffMember
from tongdao.party.merchants.operations import add_staff, change_role, remove_staff
from tongdao.party.people.models import Person
from tongdao.party.people.operations import find_person

router = Router(tags=["staff"])


class StaffIn(Input):
    sign_in_name: Text = Field(max_length=254, description="With which the person registered")
    role: Role


class RoleIn(Input):
    role: Role


class StaffOut(Schema):
    staff_id: UUID
    person_id: UUID
    shown_name: str | None
    role: Role
    joined_at: datetime


@operation(router, "GET", "/merchants/{merchant_id}/staff", need="staff.manage", answer=list[StaffOut])
def list_staff(request: Call, merchant_id: UUID) -> list[StaffOut]:
    """All who work here now."""
    return _shown(list(StaffMember.objects.filter(left_at__isnull=True).order_by("joined_at", "id")))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/staff",
    need="staff.manage",
    answer=StaffOut,
    status=201,
    refuses=[409],
)
def add_to_staff(request: Call, merchant_id: UUID, body: StaffIn) -> StaffOut:
    """Let a registered person work here."""
    person = find_person(body.sign_in_name)
    if person is None:
        raise NotFound()
    return _shown([add_staff(person.id, body.role, actor=as_staff(request))])[0]


@operation(
    router,
    "PATCH",
    "/merchants/{merchant_id}/staff/{staff_id}",
    need="staff.manage",
    answer=StaffOut,
    refuses=[409],
)
def change_staff_role(request: Call, merchant_id: UUID, staff_id: UUID, body: RoleIn) -> StaffOut:
    """Give another role."""
    return _shown([change_role(staff_id, body.role, actor=as_staff(request))])[0]


@operation(
    router,
    "DELETE",
    "/merchants/{merchant_id}/staff/{staff_id}",
    need="staff.manage",
    answer=None,
    status=204,
    refuses=[409],
)
def remove_from_staff(request: Call, merchant_id: UUID, staff_id: UUID) -> None:
    """End a person's work here."""
    remove_staff(staff_id, actor=as_staff(request))


def _shown(rows: list[StaffMember]) -> list[StaffOut]:
    names = dict(
        Person.objects.filter(pk__in=[row.person_id for row in rows]).values_list("id", "shown_name")
    )
    return [
        StaffOut(
            staff_id=row.id,
            person_id=row.person_id,
            shown_name=names.get(row.person_id),
            role=Role(row.role),
            joined_at=row.joined_at,
        )
        for row in rows
    ]
