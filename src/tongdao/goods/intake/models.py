"""Imports that run in the background, with how far they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantModel, TenantRules


class ImportRun(TenantModel):
    """One uploaded product file. A run that was killed goes on after `done_chunks`, so it counts right."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    state = models.CharField(max_length=8, default="queued")  # see states.IMPORT_RUN
    version = models.IntegerField(default=1)
    file = models.CharField(max_length=255)  # path below the data directory; removed when the run ends
    file_name = models.CharField(max_length=120)  # as the merchant called it
    currency = models.CharField(max_length=3)
    dry_run = models.BooleanField(default=False)
    node_id = models.UUIDField(null=True)  # whose stock is counted; None: the merchant's own
    staff_id = models.UUIDField(null=True)  # the person who asked for it
    size_bytes = models.BigIntegerField()
    done_bytes = models.BigIntegerField(default=0)  # read so far
    done_chunks = models.IntegerField(default=0)  # written so far
    counts = models.JSONField(default=dict)  # fields of report.Counts
    problems = models.JSONField(default=list)  # the first ones: line, column, code, args
    problem_total = models.IntegerField(default=0)
    why = models.JSONField(default=dict)  # of a failed run: code and details of the refusal
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "import_run"
        indexes = [models.Index(fields=["merchant_id", "created_at"], name="import_run_latest")]
