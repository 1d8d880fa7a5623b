"""Entrances: share links and the touches that they bring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Product
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.models import Promoter


class ShareLink(TenantModel):
    """A short link to a store or a product. `token` is unique across merchants through the directory."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    token = models.CharField(max_length=16)
    channel = models.CharField(max_length=24)  # entrance: "moments", "weibo", "poster", "direct", …
    storefront: TenantForeignKey[Storefront, Storefront] = TenantForeignKey(Storefront)
    product: TenantForeignKey[Product | None, Product | None] = TenantForeignKey(
        Product, null=True, indexed=False
    )
    promoter: TenantForeignKey[Promoter | None, Promoter | None] = TenantForeignKey(Promoter, null=True)
    person_id = models.UUIDField(null=True)  # the promoter's person, who owns the link
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "share_link"
        indexes = [models.Index(fields=["person_id"], name="share_link_person")]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "token"], name="share_link_token")]


class Touch(TenantModel):
    """One visit through a link. `visitor` is a random key in the visitor's own browser."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    link: TenantForeignKey[ShareLink, ShareLink] = TenantForeignKey(ShareLink)
    promoter: TenantForeignKey[Promoter | None, Promoter | None] = TenantForeignKey(
        Promoter, null=True, indexed=False
    )
    channel = models.CharField(max_length=24)
    visitor = models.UUIDField()
    person_id = models.UUIDField(null=True)  # known when the visitor was signed in already
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "touch"
        indexes = [
            models.Index(fields=["merchant_id", "visitor", "at"], name="touch_visitor"),
            models.Index(fields=["merchant_id", "person_id", "at"], name="touch_of_person"),
            models.Index(fields=["person_id"], name="touch_person"),
        ]
