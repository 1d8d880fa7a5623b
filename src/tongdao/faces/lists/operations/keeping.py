"""How somebody wants a list to be: named filters, columns, what it opens with. In the merchant's scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from tongdao.faces.lists.events import FilterRemoved, FilterSaved
from tongdao.faces.lists.models import ListChoice, SavedFilter
from tongdao.faces.lists.refusals import FilterNameInvalid, TooManyFilters
from tongdao.faces.lists.shapes import ListSpec
from tongdao.faces.lists.wanted import narrowed, typed
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound

NAME_MOST = 40
MOST = 50  # of one list, of a person or shared


def visible_to(person_id: UUID) -> Q:
    """The person's own filters, and those that colleagues share."""
    return Q(owner_id=person_id) | Q(shared=True)


def save_filter(
    spec: ListSpec, name: str, wanted: Mapping[str, str], *, shared: bool, actor: Actor
) -> SavedFilter:
    """Under a name that is the actor's own already, it takes that one's place.

    Raises FilterNameInvalid, FilterUnreadable or TooManyFilters.
    """
    text = " ".join(name.split())
    if not 0 < len(text) <= NAME_MOST or actor.id is None:
        raise FilterNameInvalid()
    kept = typed(spec, wanted)
    narrowed(spec, kept)
    row = SavedFilter.objects.filter(noun=spec.noun, owner_id=actor.id, name=text).first()
    if row is None and SavedFilter.objects.filter(visible_to(actor.id), noun=spec.noun).count() >= MOST:
        raise TooManyFilters()
    row = row or SavedFilter(noun=spec.noun, owner_id=actor.id, name=text)
    row.wanted, row.shared, row.saved_at = kept, shared, clock.now()
    row.save()
    record(FilterSaved(noun=Code(spec.noun), shared=shared), subject=row, actor=actor)
    return row


def remove_filter(filter_id: UUID, *, everybodys: bool = False, actor: Actor) -> None:
    """`everybodys`: a shared one of a colleague may go, too. Raises NotFound."""
    rows = SavedFilter.objects.filter(pk=filter_id)
    mine = Q(owner_id=actor.id) | Q(shared=True) if everybodys else Q(owner_id=actor.id)
    row = rows.filter(mine).first()
    if row is None:
        raise NotFound()
    ListChoice.objects.filter(opens_with=row).update(opens_with=None)
    event = FilterRemoved(noun=Code(row.noun), shared=row.shared)
    record(event, subject=row, actor=actor)
    row.delete()


def open_with(spec: ListSpec, filter_id: UUID | None, *, actor: Actor) -> None:
    """The filter that the list opens with for this person; None: with everything. Raises NotFound."""
    row = None
    if filter_id is not None:
        rows = SavedFilter.objects.filter(visible_to(_person(actor)), pk=filter_id, noun=spec.noun)
        row = rows.first()
        if row is None:
            raise NotFound()
    _choose(spec, actor, opens_with=row)


def choose_columns(spec: ListSpec, keys: Sequence[str], *, actor: Actor) -> None:
    """The columns that this person sees; none: the usual ones. Unknown keys are left out."""
    known = [column.key for column in spec.columns if column.key in keys]
    _choose(spec, actor, columns=known)


def _choose(spec: ListSpec, actor: Actor, **chosen: object) -> None:
    ListChoice.objects.update_or_create(person_id=_person(actor), noun=spec.noun, defaults=chosen)


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound()
    return actor.id
