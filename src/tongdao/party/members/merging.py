"""A person's two accounts become one, and two again: what it brings along, what is in the way, who is told.

The accounts themselves are joined in one transaction (party.people.merging); then each merchant that knows
the other one is told in a scope of its own. Reads do not wait for that, and a sweep finishes what was cut
off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import record
from tongdao.foundation.following import tell
from tongdao.foundation.hooks import objections
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.sweeping import work_off
from tongdao.foundation.tenancy import TenantModel, merchant_scope, person_scope
from tongdao.party.members.events import MemberMerged, MemberParted
from tongdao.party.members.models import Member, MemberMerge
from tongdao.party.members.operations import ensure_members
from tongdao.party.people import merging
from tongdao.party.people.accounts import number_of
from tongdao.party.people.models import PersonMerge

HOOK = "person.merge"
"""Rooms object to a merge by this hook; its subject is the id of the PersonMerge."""
MERGED = "member.merged"
"""Rooms follow a merge by this news, told in the merchant's scope; its subject is the id of the
MemberMerge.
"""
PATIENCE = timedelta(minutes=1)
SWEPT_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """`brings`: rows by table that the other account has and this one will show; `merchants`: where it is
    known.

    `refusals` are in the way. `both_numbers`: each has a mobile number, and both go on signing in.
    """

    merge: PersonMerge
    brings: Mapping[str, int]
    merchants: int
    both_numbers: bool
    refusals: tuple[Refusal, ...]


def preview(merge: PersonMerge) -> Preview:
    """What merging will do. Opens scopes of its own."""
    own = merging.objection(merge)
    brings = count_rows(merge.absorbed_id)
    return Preview(
        merge=merge,
        brings=brings,
        merchants=brings.get("member", 0),
        both_numbers=bool(number_of(merge.root_id) and number_of(merge.absorbed_id)),
        refusals=(*([own] if own else []), *objections(HOOK, merge.pk)),
    )


def preview_parting(merge: PersonMerge) -> Mapping[str, int]:
    """Rows by table that go back to the other account, and to those that came with it."""
    total: Counter[str] = Counter()
    for person_id in (merge.absorbed_id, *merging.came_with(merge)):
        total.update(count_rows(person_id))
    return total


def merge_persons(merge_id: UUID, *, actor: Actor) -> PersonMerge:
    """Do what was proposed. Raises what is in the way, and what `people.merging.join` raises."""
    for refusal in objections(HOOK, merge_id):
        raise refusal
    merge = merging.join(merge_id)
    _tell_merchants(merge, actor)
    return merge


def part_persons(merge_id: UUID, holder_id: UUID, *, actor: Actor) -> PersonMerge:
    """Undo it, for the account that acts for both. Raises MergeOutdated."""
    merge = merging.part(merge_id, holder_id)
    _tell_merchants(merge, actor)
    return merge


def take_guest_along(guest_id: UUID, person_id: UUID) -> PersonMerge | None:
    """Who bought in this browser without an account has signed in to one: the orders come along.

    The browser's session is the proof. None where the guest has ordered nothing, or something is in the way.
    """
    if guest_id == person_id or not count_rows(guest_id).get("order", 0):
        return None
    try:
        merge = merging.propose(person_id, guest_id, reason="guest_signed_in", proved=True, by=person_id)
        return merge_persons(merge.pk, actor=Actor("person", person_id))
    except Refusal:  # the guest stays what it was, and nothing of it is lost
        return None


def count_rows(person_id: UUID) -> dict[str, int]:
    """How many rows of each table are this person's, with all merchants. Opens its own scope."""
    tenants = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    models = [model for model in tenants if model.tenant_rules.person]
    parts = " union all ".join(
        f"select '{model._meta.db_table}', count(*) from \"{model._meta.db_table}\""  # noqa: S608 our own tables
        f' where "{model.tenant_rules.person}" = any(tongdao_persons(%s))'
        for model in models
    )
    with person_scope(person_id), connection.cursor() as cursor:
        cursor.execute(parts, [person_id] * len(models))
        return {table: count for table, count in cursor.fetchall() if count}


def sweep_merges(now: datetime) -> int:
    """Tell the merchants of merges whose telling was cut off; returns of how many."""
    untold = PersonMerge.objects.filter(
        done_at__lt=now - PATIENCE, told_at__isnull=True, undone_at__isnull=True
    )
    parted = PersonMerge.objects.filter(undone_at__lt=now - PATIENCE, untold_at__isnull=True)
    rows = [(merge.root_id, merge) for late in (untold, parted) for merge in late[:SWEPT_AT_ONCE]]
    return work_off(rows, lambda _, merge: _tell_merchants(merge, SYSTEM), "telling of a merge")


def _tell_merchants(merge: PersonMerge, actor: Actor) -> None:
    """Each one once, however often this runs."""
    with person_scope(merge.absorbed_id):
        known = list(Member.objects.filter(person_id=merge.absorbed_id).values_list("merchant_id", flat=True))
    for merchant_id in known:
        with merchant_scope(merchant_id):
            if merge.undone_at is None:
                _told(merge, actor)
            else:
                _untold(merge, actor)
    column = "told_at" if merge.undone_at is None else "untold_at"
    PersonMerge.objects.filter(pk=merge.pk, **{f"{column}__isnull": True}).update(**{column: clock.now()})


def _told(merge: PersonMerge, actor: Actor) -> None:
    members = ensure_members([merge.root_id, merge.absorbed_id])
    news = MemberMerge(
        merge_id=merge.pk,
        person_id=merge.root_id,
        member_id=members[merge.root_id],
        other_id=members[merge.absorbed_id],
        merged_at=clock.now(),
    )
    MemberMerge.objects.bulk_create([news], ignore_conflicts=True)
    if not MemberMerge.objects.filter(pk=news.pk).exists():
        return
    payload = MemberMerged(merge.root_id, merge.absorbed_id, news.other_id)
    record(payload, subject=news, actor=actor, reason=merge.reason)
    tell(MERGED, news.pk)


def _untold(merge: PersonMerge, actor: Actor) -> None:
    news = MemberMerge.objects.filter(merge_id=merge.pk).first()
    if news is None:
        return
    if MemberMerge.objects.filter(pk=news.pk, parted_at__isnull=True).update(parted_at=clock.now()):
        payload = MemberParted(merge.root_id, merge.absorbed_id, news.other_id)
        record(payload, subject=news, actor=actor, reason=merge.reason)
