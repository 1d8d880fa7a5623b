from __future__ import annotations

from django.db import models

from tongdao.foundation.tenancy import TenantModel


class PlanTrial(TenantModel):
    """Rules tried on the sales of a period, because there are too many to do it while somebody waits."""

    digest = models.CharField(max_length=64)  # of the rules, to find the trial of a draft again
    rules = models.JSONField()  # as terms.plans.drafting writes them
    starts_at = models.DateTimeField()  # orders placed from then …
    ends_at = models.DateTimeField()  # … until before then
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # None: a worker is at it
    result = models.JSONField(null=True)  # of trying.Trial

    class Meta(TenantModel.Meta):
        db_table = "plan_trial"
        indexes = [models.Index(fields=["merchant_id", "digest", "asked_at"], name="plan_trial_digest")]
