"""Shops: what they are called, how they look, what they say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.party.merchants.models.company import Brand


class Storefront(TenantModel):
    """A shop of a brand. `slug` is its path, unique across merchants through the directory."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    brand: TenantForeignKey[Brand, Brand] = TenantForeignKey(Brand)
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    notice = models.CharField(max_length=300, default="", blank=True)
    hero = models.CharField(max_length=200, default="", blank=True)  # path of a picture below media or static
    accent = models.CharField(max_length=7, default="", blank=True)  # "#rrggbb", or empty for the house's own
    domain = models.CharField(max_length=253, default="", blank=True)  # its own name, see ShopDomain
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "storefront"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "slug"], name="storefront_slug")]


class StorefrontPage(TenantModel):
    """A text of a shop, such as "about" or "shipping". Who may see it: everybody once it is published."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    storefront: TenantForeignKey[Storefront, Storefront] = TenantForeignKey(Storefront, related_name="pages")
    slug = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    body_html = models.TextField(default="", blank=True)  # sanitised when written
    position = models.SmallIntegerField(default=0)
    published = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        db_table = "storefront_page"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "storefront", "slug"], name="storefront_page_slug")
        ]
