"""What the shop offers besides what the law asks of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.tenancy import TenantModel, TenantRules


class CarriageOffer(TenantModel):
    """The shop pays for sending goods back also where the buyer would, since when and until when."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    staff_id = models.UUIDField(null=True)  # who offered it
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "carriage_offer"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], condition=Q(effective_to__isnull=True), name="carriage_offer_current"
            )
        ]
