"""What this room has to say when two accounts are to become one."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.hooks import register
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import person_scope
from tongdao.party.merchants.models import StaffMember
from tongdao.party.merchants.refusals import BothAreStaff
from tongdao.party.people.models import PersonMerge


@register("person.merge")
def one_desk_each(merge_id: UUID) -> Refusal | None:
    """One person works at one merchant under one role."""
    merge = PersonMerge.objects.get(pk=merge_id)
    if desks_of(merge.root_id) & desks_of(merge.absorbed_id):
        return BothAreStaff()
    return None


def desks_of(person_id: UUID) -> set[UUID]:
    """The merchants at which this person works. Opens its own scope."""
    with person_scope(person_id):
        return set(StaffMember.objects.filter(left_at__isnull=True).values_list("merchant_id", flat=True))
