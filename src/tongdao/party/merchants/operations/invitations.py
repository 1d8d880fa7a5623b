"""Joining the staff: a link that works once, for whoever is signed in when it is opened and accepts it.

Nobody is made staff by a sign-in name, since whoever registered it first need not be its owner. The link is
shown once; the database keeps its digest. It stands on the rights of who sent it: when these have become
less than what it gives, it gives nothing.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.events import InvitationAccepted, InvitationRevoked, StaffInvited
from tongdao.party.merchants.models import Role, StaffInvitation, StaffMember
from tongdao.party.merchants.operations.staff import (
    Given,
    check_may_give,
    columns,
    enter,
    rights_given,
    told,
)
from tongdao.party.merchants.permissions import rights_of
from tongdao.party.merchants.refusals import InvitationGone
from tongdao.party.merchants.states import INVITATION

LASTS = timedelta(days=3)
TOKEN = 32  # characters


class ForWhomMissing(BadInput):
    """Write for whom the invitation is, in at most 40 characters. Nothing was sent."""


class Invited(NamedTuple):
    """`token` is nowhere else: it can be shown now, and never again."""

    invitation: StaffInvitation
    token: str


def invite_staff(role: Given, for_whom: str, *, actor: Actor) -> Invited:
    """Ask somebody in. Raises ForWhomMissing or AboveOwnRights."""
    name = " ".join(for_whom.split())
    if not 1 <= len(name) <= 40:
        raise ForWhomMissing()
    check_may_give(role, actor=actor)
    assert actor.id is not None
    now, secret = clock.now(), token(TOKEN)
    row = StaffInvitation.objects.create(
        **columns(role), for_whom=name, invited_by=actor.id, created_at=now, expires_at=now + LASTS
    )
    directory.register("invitation", _digest(secret), current_merchant(), row.id)
    record(StaffInvited(role=told(role)), subject=row, actor=actor)
    return Invited(row, secret)


def find_invitation(secret: str) -> directory.Found:
    """Which merchant's, and which; outside a scope. Raises InvitationGone."""
    found = directory.lookup("invitation", _digest(secret))
    if found is None:
        raise InvitationGone()
    return found


def open_invitation(invitation_id: UUID) -> StaffInvitation:
    """The invitation while it can be accepted; raises InvitationGone."""
    rows = StaffInvitation.objects.select_related("custom")
    row = rows.filter(pk=invitation_id, state="open", expires_at__gt=clock.now()).first()
    if row is None:
        raise InvitationGone()
    return row


def accept_invitation(invitation_id: UUID, *, actor: Actor) -> StaffMember:
    """The actor works here from now on. Of many who accept it one does.

    Raises AlreadyStaff, or InvitationGone, also where its sender could not give it any more.
    """
    assert actor.id is not None
    row = open_invitation(invitation_id)
    changes = {"accepted_by": actor.id, "settled_at": clock.now()}
    if not claim(INVITATION, "open", "accepted", StaffInvitation, [row.id], **changes):
        raise InvitationGone()
    role, sender = _given(row), rights_of(row.invited_by)
    if not sender or "staff.manage" not in sender.permissions or not sender.covers(rights_given(role)):
        raise InvitationGone()
    member = enter(actor.id, role, actor=actor)
    record(InvitationAccepted(person_id=actor.id, staff_id=member.id), subject=row, actor=actor)
    return member


def revoke_invitation(invitation_id: UUID, *, actor: Actor) -> None:
    """Take it back; raises NotFound, InvitationGone where it was settled, or AboveOwnRights."""
    row = StaffInvitation.objects.select_related("custom").filter(pk=invitation_id).first()
    if row is None:
        raise NotFound()
    check_may_give(_given(row), actor=actor)
    if not claim(INVITATION, "open", "revoked", StaffInvitation, [row.id], settled_at=clock.now()):
        raise InvitationGone()
    record(InvitationRevoked(), subject=row, actor=actor)


def _given(row: StaffInvitation) -> Given:
    return row.custom if row.custom else Role(row.role)


def _digest(secret: str) -> str:
    return sha256(secret[:200].encode("utf-8", "replace")).hexdigest()
