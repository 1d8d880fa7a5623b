"""Who works for the merchant. Faces check `staff.manage`; here nobody gives or takes more than they have."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.events import StaffAdded, StaffRemoved, StaffRoleChanged
from tongdao.party.merchants.models import Role, StaffMember, StaffRole
from tongdao.party.merchants.permissions import Rights, rights_in, rights_of_actor
from tongdao.party.merchants.refusals import AboveOwnRights, AlreadyStaff, LastOwner

Given = Role | StaffRole


def add_staff(person_id: UUID, role: Given, *, actor: Actor) -> StaffMember:
    """The person works here from now on; raises AlreadyStaff or AboveOwnRights.

    For people who are known to be who they say: others are invited (operations.invitations).
    """
    check_may_give(role, actor=actor)
    return enter(person_id, role, actor=actor)


def enter(person_id: UUID, role: Given, *, actor: Actor) -> StaffMember:
    """The same after the rights of whoever gives them were checked."""
    if StaffMember.objects.filter(person_id__same_as=person_id, left_at__isnull=True).exists():
        raise AlreadyStaff()
    try:
        with transaction.atomic():
            row = StaffMember.objects.create(person_id=person_id, **columns(role))
    except IntegrityError as error:
        raise AlreadyStaff() from error
    record(StaffAdded(person_id=person_id, role=told(role)), subject=_subject(row), actor=actor)
    return row


def change_role(staff_id: UUID, role: Given, *, actor: Actor) -> StaffMember:
    """Give another role; raises LastOwner, AboveOwnRights or NotFound."""
    row = _locked(staff_id, leaves_ownership=role != Role.OWNER)
    check_may_give(role, _rights(row), actor=actor)
    old = _standing(row)
    for name, value in columns(role).items():
        setattr(row, name, value)
    row.save(update_fields=["role", "custom"])
    record(
        StaffRoleChanged(person_id=row.person_id),
        subject=_subject(row),
        actor=actor,
        old=old,
        new=_standing(row),
    )
    return row


def remove_staff(staff_id: UUID, *, actor: Actor) -> None:
    """End the person's work here; what it did stays. Raises LastOwner, AboveOwnRights or NotFound."""
    row = _locked(staff_id, leaves_ownership=True)
    if row.person_id != actor.id:  # everybody may leave
        check_may_give(None, _rights(row), actor=actor)
    row.left_at = clock.now()
    row.save(update_fields=["left_at"])
    record(StaffRemoved(person_id=row.person_id), subject=_subject(row), actor=actor)


def check_may_give(role: Given | None, before: Rights | None = None, *, actor: Actor) -> None:
    """Raises AboveOwnRights where `role`, or what its holder could `before`, is more than the actor may."""
    own = rights_of_actor(actor)
    wanted = (rights_given(role), before) if role else (before,)
    if any(each and not own.covers(each) for each in wanted):
        raise AboveOwnRights()


def rights_given(role: Given) -> Rights:
    """What the role allows."""
    return rights_in(role.value, None) if isinstance(role, Role) else rights_in("", role)


def columns(role: Given) -> dict[str, object]:
    """How a row of staff, or an invitation, names a role."""
    return {"role": role.value, "custom": None} if isinstance(role, Role) else {"role": "", "custom": role}


def told(role: Given) -> Code:
    """A role as an event names it: those of the merchant's own by their id."""
    return Code(role.value if isinstance(role, Role) else str(role.id))


def _rights(row: StaffMember) -> Rights:
    return rights_in(row.role, row.custom)


def _standing(row: StaffMember) -> dict[str, Code]:
    return {"role": Code(row.role or str(row.custom_id))}


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
