"""The tenant, a legal company, and what it owns: brands, storefronts, staff, payment accounts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.ids import uuid7
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules


class Merchant(models.Model):
    """The company. Global, because it is the tenant itself: its rows elsewhere carry `merchant_id`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="CNY")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "merchant"


class Brand(TenantModel):
    """A label on goods and storefronts."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    name = models.CharField(max_length=80)

    class Meta(TenantModel.Meta):
        db_table = "brand"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "name"], name="brand_name")]


class Storefront(TenantModel):
    """A shop of a brand. `slug` is its path, unique across merchants through the directory."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    brand: TenantForeignKey[Brand, Brand] = TenantForeignKey(Brand)
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    notice = models.CharField(max_length=300, default="", blank=True)
    hero = models.CharField(max_length=200, default="", blank=True)  # path of a picture below media or static
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "storefront"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "slug"], name="storefront_slug")]


class Role(models.TextChoices):
    """What a member of staff may do; the matrix is party.merchants.permissions."""

    OWNER = "owner"  # everything, staff included
    OPERATIONS = "operations"  # goods, stock, orders, shipping
    SERVICE = "service"  # orders and buyers, no prices
    FINANCE = "finance"  # money, read orders
    READ_ONLY = "read_only"  # sees what operations sees, changes nothing


class StaffMember(TenantModel):
    """A person who works for the merchant."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    person_id = models.UUIDField()
    role = models.CharField(max_length=16, choices=Role.choices)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "staff_member"
        indexes = [models.Index(fields=["person_id"], name="staff_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "person_id"], condition=Q(left_at__isnull=True), name="staff_once"
            )
        ]


class MerchantAccount(TenantModel):
    """The merchant's own account with a payment channel; money goes to it, never to the platform.

    Keys change in time, so a row holds from `effective_from` to `effective_to`; attempts keep theirs.
    """

    channel = models.CharField(max_length=16)  # "wechatpay"
    mode = models.CharField(max_length=16)  # "direct": the merchant's own contract with the channel
    mchid = models.CharField(max_length=32)
    appid = models.CharField(max_length=32)
    certificate_serial = models.CharField(max_length=64)
    private_key = EncryptedTextField()  # PEM, RSA
    api_v3_key = EncryptedTextField()  # 32 characters
    platform_key_id = models.CharField(max_length=64)
    platform_public_key = models.TextField()  # PEM
    gateway_url = models.CharField(max_length=200)
    fee_bps = models.IntegerField(default=0)  # basis points that the channel keeps of each payment
    callback_token = models.CharField(max_length=32)
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "merchant_account"
        constraints = [
            models.CheckConstraint(condition=Q(fee_bps__range=(0, 10_000)), name="merchant_account_fee"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="merchant_account_period",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "channel"],
                condition=Q(effective_to__isnull=True),
                name="merchant_account_current",
            ),
        ]
