"""What a merchant shows of itself, and what its papers say today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.party.merchants.models import (
    AgreementAcceptance,
    AgreementKind,
    AgreementVersion,
    CompanyProfile,
    Licence,
    PayoutMinimum,
)

LEAST_PAYOUT = Fen(100)  # while a merchant has not said otherwise
ALARMS = (7, 30, 60)  # days before the last one, at which a licence asks to be renewed


def company_profile() -> CompanyProfile | None:
    """What holds now, or None while nothing was entered."""
    return CompanyProfile.objects.filter(effective_to__isnull=True).first()


def payout_minimum() -> Fen:
    """Who has less due than this is not paid out yet."""
    rows = PayoutMinimum.objects.filter(effective_to__isnull=True)
    return Fen(rows.values_list("least_fen", flat=True).first() or LEAST_PAYOUT)


def licences_on(day: date) -> QuerySet[Licence]:
    """Those that count on this day."""
    begun = Licence.objects.filter(withdrawn_at__isnull=True, valid_from__lte=day)
    return begun.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


def has_licence(kind: str, day: date) -> bool:
    return licences_on(day).filter(kind=kind).exists()


@dataclass(frozen=True, slots=True)
class Alarm:
    """A kind of trade whose permission ends: `days` are left, below 0 it has. `within` is of ALARMS, or 0."""

    licence_id: UUID
    kind: str
    number: str
    valid_until: date
    days: int
    within: int


def licence_alarms(day: date) -> Sequence[Alarm]:
    """The last licence of each kind where it ends within the longest of ALARMS, or has; nearest first."""
    last: dict[str, Licence] = {}
    for row in Licence.objects.filter(withdrawn_at__isnull=True).order_by("valid_from", "id"):
        held = last.get(row.kind)
        if held is None or _end(row) >= _end(held):
            last[row.kind] = row
    longest = day + timedelta(days=ALARMS[-1])
    ending = [row for row in last.values() if row.valid_until and row.valid_until <= longest]
    return sorted((_alarm(row, day) for row in ending), key=lambda alarm: alarm.valid_until)


def _end(row: Licence) -> date:
    return row.valid_until or date.max


def _alarm(row: Licence, day: date) -> Alarm:
    assert row.valid_until is not None
    days = (row.valid_until - day).days
    within = next((each for each in ALARMS if days <= each), 0) if days >= 0 else 0
    return Alarm(row.id, row.kind, row.number, row.valid_until, days, within)


def current_agreement(kind: AgreementKind) -> AgreementVersion | None:
    """The version in force now."""
    rows = AgreementVersion.objects.filter(kind=kind.value, effective_from__lte=clock.now())
    return rows.order_by("-version").first()


def coming_agreement(kind: AgreementKind) -> AgreementVersion | None:
    """The newest version where it is published and not yet in force."""
    last = AgreementVersion.objects.filter(kind=kind.value).order_by("-version").first()
    return last if last and last.effective_from > clock.now() else None


def has_accepted(person_id: UUID, agreement_id: UUID) -> bool:
    return AgreementAcceptance.objects.filter(
        person_id__same_as=person_id, agreement_id=agreement_id
    ).exists()
