from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import as_row, record_many
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.members.events import MemberJoined
from tongdao.party.members.models import Member


def ensure_member(person_id: UUID) -> Member:
    """The merchant's record of the person, made when it is the first time. Two at once make one."""
    ensure_members([person_id])
    return Member.objects.get(person_id=person_id)


def ensure_members(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Member id by person. Who is new joins by its own act, in this transaction.

    New rows are written in the order of their persons: two transactions that make the same ones wait for each
    other at most one way, as long as they do so before they take any other lock.
    """
    return read(ask_members(person_ids))


def ask_members(person_ids: Iterable[UUID]) -> Asking[dict[UUID, UUID]]:
    """`ensure_members`, side by side with other questions; whoever is missing is written between them."""
    persons = sorted(set(person_ids))
    found = yield from _ask_members(persons)
    missing = [person_id for person_id in persons if person_id not in found]
    if not missing:
        return found
    made = {each: Member(person_id=each, merchant_id=current_merchant()) for each in missing}
    Member.objects.bulk_create(made.values(), ignore_conflicts=True)
    found |= yield from _ask_members(missing)
    record_many(
        as_row(MemberJoined(person_id=each), subject=member, actor=Actor("person", each))
        for each, member in made.items()
        if found[each] == member.id
    )
    return found


def _ask_members(person_ids: Iterable[UUID]) -> Asking[dict[UUID, UUID]]:
    rows = yield from ask(
        "select person_id, id from member where merchant_id = %s and person_id = any(%s)",
        [current_merchant(), list(person_ids)],
    )
    return dict(rows)
