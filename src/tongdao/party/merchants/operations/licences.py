"""Permits of the company: entered, taken back, never changed: another paper is another licence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.events import LicenceAdded, LicenceWithdrawn
from tongdao.party.merchants.models import Licence
from tongdao.party.merchants.refusals import LicenceInvalid, LicenceKnown
from tongdao.rulebook.licences import KINDS


@dataclass(frozen=True, slots=True)
class LicenceDraft:
    """As the paper says; `valid_until` is its last day, None where it has no end."""

    kind: str
    number: str
    holder: str
    valid_from: date
    valid_until: date | None


def add_licence(draft: LicenceDraft, *, actor: Actor) -> Licence:
    """It counts from its first day on; the sweep lets what waited for it be sold again.

    Raises LicenceInvalid or LicenceKnown.
    """
    number, holder = "".join(draft.number.split()), " ".join(draft.holder.split())
    ends_before = draft.valid_until is not None and draft.valid_until < draft.valid_from
    if draft.kind not in KINDS or not 1 <= len(number) <= 64 or not 1 <= len(holder) <= 120 or ends_before:
        raise LicenceInvalid()
    row = Licence(
        kind=draft.kind,
        number=number,
        holder=holder,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        due_on=draft.valid_from,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise LicenceKnown() from error
    event = LicenceAdded(kind=Code(row.kind), valid_from=row.valid_from, valid_until=row.valid_until)
    record(event, subject=row, actor=actor)
    return row


def withdraw_licence(licence_id: UUID, *, actor: Actor) -> Licence:
    """It counts no more, from now on; goods that need it stop with the next sweep. Raises NotFound."""
    rows = Licence.objects.select_for_update(no_key=True)
    row = rows.filter(pk=licence_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound()
    now = clock.now()
    row.withdrawn_at, row.due_on = now, beijing_day(now)
    row.save(update_fields=["withdrawn_at", "due_on"])
    record(LicenceWithdrawn(kind=Code(row.kind)), subject=row, actor=actor)
    return row


def licence_settled(licence_id: UUID, day: date) -> None:
    """What hangs on the licence is as it has to be on `day`; look again when it ends."""
    row = Licence.objects.select_for_update(no_key=True).filter(pk=licence_id).first()
    if row is None or row.due_on is None or row.due_on > day:
        return
    over = row.withdrawn_at is not None or row.valid_until is None or row.valid_until < day
    row.due_on = None if over or row.valid_until is None else row.valid_until + timedelta(days=1)
    row.save(update_fields=["due_on"])
