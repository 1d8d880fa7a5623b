"""What this room holds of a person who works for a merchant, or agreed to its terms."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.hooks import register
from tongdao.foundation.personal import BLANK, ERASE, holds, impersonal
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.merchants.models import (
    AgreementAcceptance,
    CompanyProfile,
    MerchantAccount,
    PayoutMinimum,
    Role,
    StaffInvitation,
    StaffMember,
    WechatApp,
)
from tongdao.party.merchants.operations import remove_staff
from tongdao.party.merchants.refusals import OnlyOwner


@register(ERASE)
def owns_alone(person_id: UUID) -> OnlyOwner | None:
    """A merchant would be left without anybody who may do everything."""
    with person_scope(person_id):
        mine = StaffMember.objects.filter(left_at__isnull=True, role=Role.OWNER)
        merchants = list(mine.values_list("merchant_id", flat=True))
    alone = 0
    for merchant_id in merchants:
        with merchant_scope(merchant_id):
            owners = StaffMember.objects.filter(left_at__isnull=True, role=Role.OWNER)
            alone += not owners.exclude(person_id__same_as=person_id).exists()
    return OnlyOwner(count=alone) if alone else None


def end_work(person_id: UUID) -> int:
    """What was done as staff stays as the company's own record."""
    rows = StaffMember.objects.filter(person_id=person_id, left_at__isnull=True)
    for row in rows:
        remove_staff(row.id, actor=Actor("person", person_id))
    return len(rows)


holds(StaffMember, "kept", erase=end_work, shows=("role", "joined_at", "left_at"))
holds(
    StaffInvitation,
    "blanked",
    person="accepted_by",
    shows=("for_whom", "role", "settled_at"),
    blank={"for_whom": BLANK},
)
holds(
    AgreementAcceptance,
    "kept",
    shows=("agreement__title", "agreement__version", "at"),
    laws=("retention.rule_versions",),
    since="at",
)
impersonal(CompanyProfile, "a company's, as the register of companies shows it")
impersonal(PayoutMinimum, "an amount")
impersonal(MerchantAccount, "a company's keys to its payment channel")
impersonal(WechatApp, "a company's keys to its app")
