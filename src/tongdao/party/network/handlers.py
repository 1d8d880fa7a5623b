"""What this room has to say when two accounts are to become one."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.hooks import register
from tongdao.foundation.refusals import Refusal
from tongdao.party.network.queries import standings_of
from tongdao.party.network.refusals import BothArePromoters
from tongdao.party.people.models import PersonMerge


@register("person.merge")
def one_promoter_each(merge_id: UUID) -> Refusal | None:
    """One person refers buyers to one merchant under one name, with one income."""
    merge = PersonMerge.objects.get(pk=merge_id)
    if promotes_for(merge.root_id) & promotes_for(merge.absorbed_id):
        return BothArePromoters()
    return None


def promotes_for(person_id: UUID) -> set[UUID]:
    """The merchants for which this person is a promoter now. Opens its own scope."""
    return {one.merchant_id for one in standings_of(person_id) if one.promoter_id is not None}
