"""Commission plans: what a promoter earns on a sale. Read at quote time, frozen on the order line."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.tenancy import TenantModel


class CommissionPlan(TenantModel):
    """One version of the merchant's plan: basis points of what the buyer paid for a line, without freight."""

    version = models.IntegerField()
    rate_bps = models.IntegerField()
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "commission_plan"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "version"], name="commission_plan_version"),
            models.CheckConstraint(condition=Q(rate_bps__range=(0, 10_000)), name="commission_plan_rate"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="commission_plan_period",
            ),
            models.UniqueConstraint(
                fields=["merchant_id"],
                condition=Q(effective_to__isnull=True),
                name="commission_plan_current",
            ),
        ]
