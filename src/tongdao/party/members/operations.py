from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.members.events import MemberJoined
from tongdao.party.members.models import Member


def ensure_member(person_id: UUID, *, actor: Actor) -> Member:
    """The merchant's record of the person, made when it is the first time. Two at once make one."""
    found = Member.objects.filter(person_id=person_id).first()
    if found:
        return found
    made = Member(person_id=person_id, merchant_id=current_merchant())
    Member.objects.bulk_create([made], ignore_conflicts=True)
    found = Member.objects.get(person_id=person_id)
    if found.id == made.id:
        record(MemberJoined(person_id=person_id), subject=found, actor=actor)
    return found
