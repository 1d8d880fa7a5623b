"""What would become of a person's data: in numbers, by table, with the law that keeps what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from tongdao.compliance.retention.circle import accounts_of, global_holdings, merchant_holdings, merchants_of
from tongdao.compliance.retention.models import Erasure, TakeOut
from tongdao.foundation import clock
from tongdao.foundation.hooks import objections
from tongdao.foundation.personal import ERASE, Fate, Holding
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rulebook.registry import sheet
from tongdao.rulebook.retention import keep_until

OPEN = ("asked", "erasing")


@dataclass(slots=True)
class Prospect:
    """What becomes of one table's rows. `until`: the first day on which no law keeps them any more."""

    table: str
    fate: Fate
    rows: int = 0
    laws: Sequence[str] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """`blockers` must be empty for it to be asked. `goes` and `stays` are what it would do now."""

    blockers: Sequence[Refusal] = ()
    goes: Sequence[Prospect] = field(default=())
    stays: Sequence[Prospect] = field(default=())
    merchants: int = 0


def preview_erasure(person_id: UUID) -> Preview:
    """Opens its own scopes, one for each merchant."""
    found: dict[str, Prospect] = {}
    accounts = accounts_of(person_id)
    for holding in global_holdings():
        _count(found, holding, accounts)
    merchants = merchants_of(accounts)
    for merchant_id in merchants:
        with merchant_scope(merchant_id):
            for holding in merchant_holdings():
                _count(found, holding, accounts)
    rows = [prospect for prospect in found.values() if prospect.rows]
    return Preview(
        blockers=blockers_of(accounts),
        goes=[each for each in rows if each.fate != "kept"],
        stays=[each for each in rows if each.fate == "kept"],
        merchants=len(merchants),
    )


def blockers_of(accounts: Sequence[UUID]) -> list[Refusal]:
    """What each room has against it, said once. The first account sees what is the others', too."""
    found: dict[str, Refusal] = {}
    for person_id in accounts:
        for refusal in objections(ERASE, person_id):
            found.setdefault(refusal.code, refusal)
    return list(found.values())


def erasure_of(person_id: UUID) -> Erasure | None:
    """The one that is open."""
    return Erasure.objects.filter(person_id=person_id, state__in=OPEN).first()


def take_out_of(person_id: UUID) -> TakeOut | None:
    """The last one that was asked for, unless it is gone."""
    row = TakeOut.objects.filter(person_id=person_id).order_by("-asked_at").first()
    over = row is not None and row.good_until is not None and row.good_until <= clock.now()
    return None if row is None or over or row.state == "gone" else row


def kept_since(holding: Holding, last: datetime | None) -> date | None:
    """Until when the laws keep the table's rows, the last of which began so."""
    if not holding.laws:
        return None
    start = clock.beijing_day(last or clock.now())
    return keep_until([sheet(name) for name in holding.laws], start)


def _count(found: dict[str, Prospect], holding: Holding, accounts: Sequence[UUID]) -> None:
    row = found.setdefault(holding.table, Prospect(holding.table, holding.fate, laws=holding.laws))
    for person_id in accounts:
        rows = holding.of(person_id)
        row.rows += rows.count()
        if holding.laws and row.rows:
            last = rows.aggregate(last=Max(holding.since))["last"]
            until = kept_since(holding, last)
            row.until = max(filter(None, (row.until, until)), default=None)
