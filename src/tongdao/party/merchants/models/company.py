"""The company itself: the tenant, what the law wants it to show, its labels."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import TenantModel, TenantRules


class Merchant(models.Model):
    """The company. Global, because it is the tenant itself: its rows elsewhere carry `merchant_id`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="CNY")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "merchant"


class CompanyProfile(TenantModel):
    """What a company must show of itself (E-Commerce Law Art. 15), in force until `effective_to`.

    All of it is public. `confirmed_at` is when the merchant last said that it is still right.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    legal_name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18)  # unified social credit code, GB 32100
    legal_address = models.CharField(max_length=200)
    service_phone = models.CharField(max_length=32)
    confirmed_at = models.DateTimeField()
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "company_profile"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], condition=Q(effective_to__isnull=True), name="company_profile_current"
            )
        ]


class Brand(TenantModel):
    """A label on goods and storefronts."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    name = models.CharField(max_length=80)

    class Meta(TenantModel.Meta):
        db_table = "brand"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "name"], name="brand_name")]
