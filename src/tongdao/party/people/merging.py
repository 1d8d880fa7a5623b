"""Two accounts of one human being become one, and two again.

Nothing of the past is written over. `Person.merged_into` says under whose name one goes on; what is owned by
a person is read for all of them at once (`person_id__same_as`), so undoing it is to take the mark away. Marks
are flat: whoever is merged points at somebody who is not. The database holds that too (trigger
`merged_flat`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.party.people.models import AccessToken, BrowserSession, Person, PersonMerge
from tongdao.party.people.refusals import (
    MergeNeedsSecondStep,
    MergeOutdated,
    MergeUnproven,
    SamePerson,
)
from tongdao.party.people.second import has_second_step

Reason = Literal["own_accounts", "guest_signed_in", "told_by_buyer", "same_contact"]
PROVEN_FOR = timedelta(minutes=10)
_ONE_AT_A_TIME = 0x70657273  # advisory lock: merges are rare, and an order of row locks would not be simple
_BELOW = """
with recursive below(id) as (
  select %s::uuid
  union
  select merge.absorbed_id from person_merge merge join below on below.id = merge.root_id
  where merge.done_at is not null and merge.undone_at is null
)
select id from below
"""


def propose(
    root_id: UUID,
    absorbed_id: UUID,
    *,
    reason: Reason,
    proved: bool,
    by: UUID | None = None,
    merchant_id: UUID | None = None,
) -> PersonMerge:
    """Say that `absorbed` is the same human being as `root`. `proved`: whoever says it holds both just now.

    Raises SamePerson, MergeOutdated for accounts that are part of others.
    """
    now = clock.now()
    root, absorbed = _free(root_id), _free(absorbed_id)
    if root.pk == absorbed.pk:
        raise SamePerson()
    return PersonMerge.objects.create(
        root=root,
        absorbed=absorbed,
        reason=reason,
        proposed_by=by,
        merchant_id=merchant_id,
        proposed_at=now,
        proved_at=now if proved else None,
    )


def objection(merge: PersonMerge) -> Refusal | None:
    """What of the accounts themselves is in the way: nothing may come to be easier to break into."""
    if has_second_step(merge.absorbed_id) and not has_second_step(merge.root_id):
        return MergeNeedsSecondStep()
    return None


def join(merge_id: UUID) -> PersonMerge:
    """Do it. The absorbed account is signed out everywhere; its ways in open the root's from now on.

    Raises MergeUnproven when the proof is missing or minutes old, MergeOutdated when either account became
    part of another one meanwhile, MergeNeedsSecondStep.
    """
    try:
        with transaction.atomic():
            return _join(merge_id)
    except IntegrityError as error:
        raise MergeOutdated() from error


def _join(merge_id: UUID) -> PersonMerge:
    merge, now = _alone(merge_id), clock.now()
    if merge.proved_at is None or now - merge.proved_at > PROVEN_FOR:
        raise MergeUnproven()
    if merge.done_at or merge.root.merged_into_id or merge.absorbed.merged_into_id:
        raise MergeOutdated()
    if (refusal := objection(merge)) is not None:
        raise refusal
    gone = same_persons(merge.absorbed_id)
    merge.done_at = now
    merge.save(update_fields=["done_at"])
    Person.objects.filter(pk__in=gone).update(merged_into=merge.root_id)
    BrowserSession.objects.filter(person_id__in=gone).delete()
    AccessToken.objects.filter(person_id__in=gone, revoked_at__isnull=True).update(revoked_at=now)
    return merge


def part(merge_id: UUID, holder_id: UUID) -> PersonMerge:
    """Undo it. Whoever was merged into the absorbed one before goes along with it; what was done since stays
    with who did it. `holder_id` asks: the account that acts for both. Raises MergeOutdated.
    """
    with transaction.atomic():
        merge = _alone(merge_id)
        held = merge.absorbed.merged_into_id
        if merge.done_at is None or merge.undone_at is not None or held is None or held != holder_id:
            raise MergeOutdated()
        merge.undone_at = clock.now()
        merge.save(update_fields=["undone_at"])
        below = _below(merge.absorbed_id)
        Person.objects.filter(pk=merge.absorbed_id).update(merged_into=None)
        Person.objects.filter(pk__in=below, merged_into=held).update(merged_into=merge.absorbed_id)
        return merge


def merges_of(person_id: UUID) -> list[PersonMerge]:
    """What was merged into this account and still is, and what waits for its yes; the latest first."""
    mine = Q(root_id=person_id) | Q(root__merged_into_id=person_id)
    live = Q(done_at__isnull=False, undone_at__isnull=True)
    asked = Q(merchant_id__isnull=False, done_at__isnull=True, absorbed__merged_into__isnull=True)
    return list(PersonMerge.objects.filter(mine, live | asked).order_by("-proposed_at", "-pk"))


def merge_of(merge_id: UUID, person_id: UUID) -> PersonMerge:
    """One that this account may decide on; raises NotFound for all others."""
    row = PersonMerge.objects.select_related("root", "absorbed").filter(pk=merge_id).first()
    if row is None or person_id not in (row.root_id, row.root.merged_into_id):
        raise NotFound()
    return row


def came_with(merge: PersonMerge) -> list[UUID]:
    """Who had been merged into the absorbed account before, and goes back with it."""
    return _below(merge.absorbed_id)


def same_persons(person_id: UUID) -> Sequence[UUID]:
    """All ids under which this human being has rows, its own first."""
    merged = Person.objects.filter(merged_into=person_id).order_by("pk").values_list("pk", flat=True)
    return [person_id, *merged]


def _free(person_id: UUID) -> Person:
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or person.merged_into_id is not None:
        raise MergeOutdated()
    return person


def _alone(merge_id: UUID) -> PersonMerge:
    """The row, with nobody else merging or parting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    row = PersonMerge.objects.select_related("root", "absorbed").filter(pk=merge_id).first()
    if row is None:
        raise MergeOutdated()
    return row


def _below(person_id: UUID) -> list[UUID]:
    """Who was merged into this one, and into those; the one itself not."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [person_id])
        return [row[0] for row in cursor.fetchall() if row[0] != person_id]
