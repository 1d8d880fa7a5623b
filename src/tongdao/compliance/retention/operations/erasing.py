"""The erasure itself: one step a merchant and one for the account, each in a transaction that counts it.

Killed anywhere, it goes on after the last step that was committed; two workers on one erasure take turns by
its row's lock. Whatever is found twice is gone already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tongdao.compliance.retention.circle import accounts_of, global_holdings, merchant_holdings, merchants_of
from tongdao.compliance.retention.events import PersonErased
from tongdao.compliance.retention.models import Erasure, TakeOut
from tongdao.compliance.retention.operations.taking import drop_take_out
from tongdao.compliance.retention.queries import OPEN, blockers_of
from tongdao.compliance.retention.states import ERASURE
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.personal import Holding
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.models import Person

PERSON = "person"
HELD_UP = timedelta(days=1)
AT_ONCE = 20  # erasures in one round


def sweep_erasures(now: datetime) -> int:
    """Work off what is due; returns how many ended."""
    due = Erasure.objects.filter(state__in=OPEN, due_at__lte=now).order_by("due_at")
    rows = [(id,) for id in due.values_list("id", flat=True)[:AT_ONCE]]
    return work_off(rows, erase_due, "an erasure")


def erase_due(erasure_id: UUID) -> str:
    """Carry it through, or on from where it was; returns its state. Opens its own scopes."""
    if not _begin(erasure_id):
        return Erasure.objects.values_list("state", flat=True).get(pk=erasure_id)
    while place := _next(erasure_id):
        if place == PERSON:
            with transaction.atomic():
                _forget_person(erasure_id)
        else:
            with merchant_scope(UUID(place)):
                _forget_at(erasure_id, UUID(place))
    return "erased"


def _begin(erasure_id: UUID) -> bool:
    """From now on nobody signs in. Whatever was begun before that and stands against it makes it wait."""
    row = Erasure.objects.get(pk=erasure_id)
    accounts = accounts_of(row.person_id)
    with transaction.atomic():
        if claim(ERASURE, "asked", "erasing", Erasure, [erasure_id]):
            Person.objects.filter(pk__in=accounts).update(is_active=False)
    row.refresh_from_db()
    if row.state != "erasing":
        return False
    if row.places:
        return True
    if blockers_of(accounts):
        _put_off(row, accounts)
        return False
    places = [*map(str, merchants_of(accounts)), PERSON]
    Erasure.objects.filter(pk=erasure_id, places=[]).update(places=places)
    return True


def _put_off(row: Erasure, accounts: Sequence[UUID]) -> None:
    with transaction.atomic():
        if claim(ERASURE, "erasing", "asked", Erasure, [row.id], due_at=clock.now() + HELD_UP):
            Person.objects.filter(pk=row.person_id).update(is_active=True)


def _next(erasure_id: UUID) -> str:
    """The next step's place; empty when all are done."""
    row = Erasure.objects.get(pk=erasure_id)
    return str(row.places[row.done]) if row.state == "erasing" and row.done < len(row.places) else ""


def _forget_at(erasure_id: UUID, merchant_id: UUID) -> None:
    row = _mine(erasure_id, str(merchant_id))
    if row is None:
        return
    rows = _forget(row, merchant_holdings())
    payload = PersonErased(person_id=row.person_id, erasure_id=row.id, rows=rows)
    record(payload, subject=Subject("erasure", row.id), actor=Actor("person", row.person_id))


def _forget_person(erasure_id: UUID) -> None:
    row = _mine(erasure_id, PERSON)
    if row is None:
        return
    for take_out in TakeOut.objects.filter(person_id=row.person_id, state="ready"):
        drop_take_out(take_out)
    _forget(row, global_holdings())
    claim(ERASURE, "erasing", "erased", Erasure, [erasure_id], ended_at=clock.now())


def _mine(erasure_id: UUID, place: str) -> Erasure | None:
    """The erasure, locked, if this step is still the next one."""
    row = Erasure.objects.select_for_update(no_key=True).get(pk=erasure_id)
    ready = row.state == "erasing" and row.done < len(row.places) and row.places[row.done] == place
    return row if ready else None


def _forget(row: Erasure, holdings: Sequence[Holding]) -> int:
    """Do what each table says, and count it with the step."""
    counts = Counter(row.counts)
    before = counts.total()
    for person_id in accounts_of(row.person_id):
        for holding in holdings:
            if holding.wished and holding.table in row.wishes:
                counts[holding.table] += holding.wished(person_id)
            counts[holding.table] += holding.forget(person_id)
    kept = {table: rows for table, rows in counts.items() if rows}
    Erasure.objects.filter(pk=row.pk).update(done=row.done + 1, counts=kept)
    return counts.total() - before
