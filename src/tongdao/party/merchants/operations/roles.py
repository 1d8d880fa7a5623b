"""Roles of the merchant's own: a name and some of the matrix's permissions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.events import StaffRoleArchived, StaffRoleCreated, StaffRoleEdited
from tongdao.party.merchants.models import StaffInvitation, StaffMember, StaffRole
from tongdao.party.merchants.operations.kept import keep_texts
from tongdao.party.merchants.operations.staff import check_may_give, rights_given
from tongdao.party.merchants.permissions import PERMISSIONS, with_implied
from tongdao.party.merchants.refusals import RoleInUse, RoleInvalid, RoleNameTaken


def create_role(label: str, permissions: Iterable[str], *, actor: Actor) -> StaffRole:
    """A role with at most the actor's own rights. Raises RoleInvalid, RoleNameTaken or AboveOwnRights."""
    row = StaffRole(label=_label(label), permissions=_codes(permissions))
    check_may_give(row, actor=actor)
    _save(row)
    kept = keep_texts({"label": ("", row.label)})
    record(StaffRoleCreated(), subject=row, actor=actor, new={**kept.new, **_matrix_row(row)})
    return row


def edit_role(role_id: UUID, label: str, permissions: Iterable[str], *, actor: Actor) -> StaffRole:
    """Who has the role may do this from now on. Neither before nor after may it be above the actor's rights.

    Raises NotFound and as above.
    """
    row = _locked(role_id)
    before, old = rights_given(row), {"label": row.label, **_matrix_row(row)}
    row.label, row.permissions = _label(label), _codes(permissions)
    check_may_give(row, before, actor=actor)
    _save(row)
    kept = keep_texts({"label": (str(old.pop("label")), row.label)})
    new = {**kept.new, **_matrix_row(row)}
    record(StaffRoleEdited(), subject=row, actor=actor, old={**kept.old, **old}, new=new)
    return row


def archive_role(role_id: UUID, *, actor: Actor) -> None:
    """Give the role to nobody any more. Raises NotFound, RoleInUse or AboveOwnRights."""
    row = _locked(role_id)
    check_may_give(row, actor=actor)
    held = StaffMember.objects.filter(custom=row, left_at__isnull=True).exists()
    promised = StaffInvitation.objects.filter(custom=row, state="open", expires_at__gt=clock.now()).exists()
    if held or promised:
        raise RoleInUse()
    row.archived_at = clock.now()
    row.save(update_fields=["archived_at"])
    record(StaffRoleArchived(), subject=row, actor=actor)


def role_named(role_id: UUID) -> StaffRole:
    """A role that may be given; raises NotFound. It cannot be archived before the transaction ends."""
    row = StaffRole.objects.select_for_update(no_key=True).filter(pk=role_id, archived_at__isnull=True)
    found = row.first()
    if found is None:
        raise NotFound()
    return found


_locked = role_named


def _label(text: str) -> str:
    label = " ".join(text.split())
    if not 1 <= len(label) <= 40:
        raise RoleInvalid()
    return label


def _codes(permissions: Iterable[str]) -> list[str]:
    wanted = with_implied(permissions)
    if not wanted or not wanted <= set(PERMISSIONS):
        raise RoleInvalid()
    return sorted(wanted)


def _matrix_row(row: StaffRole) -> dict[str, tuple[Code, ...]]:
    return {"permissions": tuple(Code(each) for each in row.permissions)}


def _save(row: StaffRole) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RoleNameTaken() from error
