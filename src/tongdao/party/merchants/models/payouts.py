"""From how much on promoters are paid out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantModel, TenantRules


class PayoutMinimum(TenantModel):
    """Who has less than `least_fen` due waits for more, in force until `effective_to`."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    least_fen = MoneyField()
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "payout_minimum"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], condition=Q(effective_to__isnull=True), name="payout_minimum_current"
            ),
            models.CheckConstraint(condition=Q(least_fen__gt=0), name="payout_minimum_amount"),
        ]
