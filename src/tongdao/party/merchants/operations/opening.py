"""A company joins: merchant, brand, storefront and owner, all or nothing."""

from __future__ import annotations

import re
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongdao.foundation import directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.ids import uuid7
from tongdao.foundation.switches import declare
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.events import MerchantOpened
from tongdao.party.merchants.models import Brand, Merchant, Role, StaffMember, Storefront
from tongdao.party.merchants.refusals import JoiningClosed, SlugInvalid

SLUG = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]")
JOINING = declare("merchant_joining", _("New merchants may join by themselves."))


def open_merchant(
    *, name: str, slug: str, owner_id: UUID, currency: str = "CNY", actor: Actor
) -> tuple[Merchant, Storefront]:
    """Open a merchant with its first storefront. Raises SlugInvalid, NameTaken or JoiningClosed.

    Opens its own scope.
    """
    if not SLUG.fullmatch(slug):
        raise SlugInvalid(slug=slug[:60])
    if actor.kind != "operator" and not JOINING.is_on():
        raise JoiningClosed()
    merchant_id = uuid7()
    with merchant_scope(merchant_id):
        merchant = Merchant.objects.create(id=merchant_id, name=name, currency=currency)
        brand = Brand.objects.create(name=name[:80])
        storefront = Storefront.objects.create(brand=brand, slug=slug, name=name[:80])
        directory.register("storefront", slug, merchant_id, storefront.id)
        StaffMember.objects.create(person_id=owner_id, role=Role.OWNER)
        record(
            MerchantOpened(storefront_id=storefront.id, owner_id=owner_id),
            subject=Subject("merchant", merchant_id, 1),
            actor=actor,
        )
    return merchant, storefront
