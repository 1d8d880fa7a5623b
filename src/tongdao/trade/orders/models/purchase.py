from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.money import MoneyField
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.party.members.models import Member


class Purchase(TenantModel):
    """What the buyer sees and pays at once, over one or more sellers of the merchant. Rows never change."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    person_id = models.UUIDField()
    member: TenantForeignKey[Member, Member] = TenantForeignKey(Member)
    storefront_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    total_fen = MoneyField()  # to be paid for all its orders
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField()  # the reservation ends; the channel's own expiry lies before it

    class Meta(TenantModel.Meta):
        db_table = "purchase"
        indexes = [models.Index(fields=["person_id"], name="purchase_person")]


class DeliveryAddress(TenantModel):
    """Where a purchase goes: the one erasable row with personal data of a sale."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    purchase: TenantForeignKey[Purchase, Purchase] = TenantForeignKey(Purchase, related_name="addresses")
    person_id = models.UUIDField()
    recipient = EncryptedTextField()
    phone = EncryptedTextField()
    detail = EncryptedTextField()  # street, number, room
    division_code = models.CharField(max_length=6)  # GB/T 2260
    division_version = models.CharField(max_length=24)  # of rulebook.divisions
    erased_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "delivery_address"
        indexes = [models.Index(fields=["person_id"], name="delivery_address_person")]
