"""Where a buyer likes parcels to go. What an order was sent to stands frozen with the order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantModel, TenantRules


class KeptAddress(TenantModel):
    """One address in a buyer's book at one merchant, whose staff read it nowhere but on orders."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", platform=False)

    person_id = models.UUIDField()
    recipient = EncryptedTextField()
    phone = EncryptedTextField()
    detail = EncryptedTextField()  # street, number, room
    division_code = models.CharField(max_length=6)
    division_version = models.CharField(max_length=24)
    is_default = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "kept_address"
        indexes = [models.Index(fields=["person_id"], name="kept_address_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "person_id"],
                condition=Q(is_default=True),
                name="kept_address_one_default",
            )
        ]
