"""One merchant as the platform sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongdao.faces.operator.reading.asking import on_platform, rows
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import (
    CompanyProfile,
    Licence,
    Merchant,
    MerchantAccount,
    Storefront,
    Suspension,
)

LATEST = 15  # events and deeds shown
_STAFF = """
select case when role = '' then 'own' else role end, count(*) from staff_member
where merchant_id = %s and left_at is null group by 1 order by 1
"""
_EVENTS = """
select at, name, actor_kind, subject_type, subject_id, reason from event where merchant_id = %s
order by seq desc limit %s
"""
_FAILING = (
    "select reader, failures, last_error from event_reader_position where merchant_id = %s and failures > 0"
)
_CALLBACKS = """
select verdict, count(*) from (select verdict from callback_record where merchant_id = %s
  order by at desc limit 1000) latest group by 1 order by 1
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the merchant's log."""

    at: datetime
    name: str
    actor: str
    subject: str
    subject_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Company:
    """`callbacks`: verdicts of the latest 1,000. `staff`: role and how many."""

    merchant: Merchant
    profile: CompanyProfile | None
    suspension: Suspension | None
    shops: list[Storefront]
    licences: list[Licence]
    account: MerchantAccount | None
    staff: list[tuple[str, int]]
    callbacks: list[tuple[str, int]]
    failing: list[tuple[str, int, str]]
    events: list[Told]
    deeds: list[OperatorDeed]


def company(merchant_id: UUID) -> Company:
    """Raises NotFound."""
    merchant = on_platform(Merchant).filter(pk=merchant_id).first()
    if merchant is None:
        raise NotFound()

    def of(model: type[Any], **more: Any) -> QuerySet[Any]:
        return on_platform(model).filter(merchant_id=merchant_id, **more)

    return Company(
        merchant=merchant,
        profile=of(CompanyProfile, effective_to__isnull=True).first(),
        suspension=of(Suspension, ended_at__isnull=True).first(),
        shops=list(of(Storefront).order_by("id")),
        licences=list(of(Licence, withdrawn_at__isnull=True).order_by("valid_until")),
        account=of(MerchantAccount, effective_to__isnull=True).first(),
        staff=[(role, count) for role, count in rows(_STAFF, [merchant_id])],
        callbacks=[(verdict, count) for verdict, count in rows(_CALLBACKS, [merchant_id])],
        failing=[(reader, count, error) for reader, count, error in rows(_FAILING, [merchant_id])],
        events=[Told(*each) for each in rows(_EVENTS, [merchant_id, LATEST])],
        deeds=list(of(OperatorDeed).order_by("-id")[:LATEST]),
    )
