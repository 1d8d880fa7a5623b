"""When the platform keeps a merchant from selling."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.tenancy import TenantModel, TenantRules


class SuspensionReason(models.TextChoices):
    """Why, for the merchant to read; the operator's own words stand in foundation.deeds."""

    UNLICENSED = "unlicensed"  # sells what needs a licence it has not (E-Commerce Law, Art. 12, 29)
    UNLAWFUL_GOODS = "unlawful_goods"  # sells what nobody may (Art. 13)
    FRAUD = "fraud"  # buyers are deceived, or trade is made up (Art. 17)
    IDENTITY = "identity"  # what it says of itself is not true or not up to date (Art. 15, 27)
    AUTHORITY = "authority"  # an authority or a court ordered it
    OWN_WISH = "own_wish"  # the merchant asked for it


class Suspension(TenantModel):
    """From `since` until `ended_at` no new order is taken. What was ordered is shipped, refunded and paid."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    reason = models.CharField(max_length=24, choices=SuspensionReason.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "suspension"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], condition=Q(ended_at__isnull=True), name="suspension_current"
            )
        ]
