"""Who works for the merchant. The one asking must hold `staff.manage`; faces check it by `require`."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.events import StaffAdded, StaffRemoved, StaffRoleChanged
from tongdao.party.merchants.models import Role, StaffMember
from tongdao.party.merchants.refusals import AlreadyStaff, LastOwner


def add_staff(person_id: UUID, role: Role, *, actor: Actor) -> StaffMember:
    """The person works here from now on; raises AlreadyStaff."""
    try:
        with transaction.atomic():
            row = StaffMember.objects.create(person_id=person_id, role=role)
    except IntegrityError as error:
        raise AlreadyStaff() from error
    record(StaffAdded(person_id=person_id, role=Code(role.value)), subject=_subject(row), actor=actor)
    return row


def change_role(staff_id: UUID, role: Role, *, actor: Actor) -> StaffMember:
    """Give another role; raises LastOwner or NotFound."""
    row = _locked(staff_id, leaves_ownership=role != Role.OWNER)
    old, row.role = row.role, role.value
    row.save(update_fields=["role"])
    record(
        StaffRoleChanged(person_id=row.person_id),
        subject=_subject(row),
        actor=actor,
        old={"role": Code(old)},
        new={"role": Code(role.value)},
    )
    return row


def remove_staff(staff_id: UUID, *, actor: Actor) -> None:
    """End the person's work here; what it did stays. Raises LastOwner or NotFound."""
    row = _locked(staff_id, leaves_ownership=True)
    row.left_at = clock.now()
    row.save(update_fields=["left_at"])
    record(StaffRemoved(person_id=row.person_id), subject=_subject(row), actor=actor)


def _locked(staff_id: UUID, *, leaves_ownership: bool) -> StaffMember:
    """The row, with all owners locked, so that two of them cannot leave at once."""
    rows = list(
        StaffMember.objects.select_for_update(no_key=True).filter(left_at__isnull=True).order_by("id")
    )
    row = next((row for row in rows if row.id == staff_id), None)
    if row is None:
        raise NotFound()
    owners = [other for other in rows if other.role == Role.OWNER]
    if leaves_ownership and row in owners and len(owners) == 1:
        raise LastOwner()
    return row


def _subject(row: StaffMember) -> Subject:
    return Subject("staff", row.id)
