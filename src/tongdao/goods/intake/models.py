"""Imports that run in the background, with how far they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Product

UNDO_FOR = timedelta(days=30)  # after its end an import can be taken back; then its ImportChange rows go


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
    change_total = models.IntegerField(default=0)  # rows of ImportChange; 0 again when they are gone
    undone_by = models.UUIDField(null=True)  # the person who wanted it taken back
    undone_at = models.DateTimeField(null=True)  # when that was done

    class Meta(TenantModel.Meta):
        db_table = "import_run"
        indexes = [
            models.Index(fields=["merchant_id", "created_at"], name="import_run_latest"),
            models.Index(fields=["id"], condition=Q(state="undoing"), name="import_run_undoing"),
            models.Index(
                Coalesce("undone_at", "finished_at"),
                condition=Q(change_total__gt=0, state__in=["done", "failed", "undone"]),
                name="import_run_changes",
            ),
        ]

    @property
    def undo_until(self) -> datetime | None:
        """Before which moment it can be taken back; None: it never could, or was."""
        could = self.change_total and not self.dry_run and self.state in ("done", "failed")
        return self.finished_at + UNDO_FOR if could and self.finished_at else None


class ImportChange(TenantModel):
    """One row that an import made or changed, as it was before and as the import left it."""

    run: TenantForeignKey[ImportRun, ImportRun] = TenantForeignKey(ImportRun, indexed=False)
    position = models.IntegerField()  # in the order of writing; they are put back from the last to the first
    state = models.CharField(max_length=7, default="done")  # see states.IMPORT_CHANGE
    version = models.IntegerField(default=1)
    noun = models.CharField(max_length=7)  # "product", "sku", "price", "image" or "stock"
    row_id = models.UUIDField()  # the product, the SKU (also of price and stock) or the picture
    product: TenantForeignKey[Product, Product] = TenantForeignKey(Product, indexed=False)
    before = models.JSONField(null=True)  # columns that the import changed; None: it made the row
    after = models.JSONField()  # the same columns as it left them; of a made row a digest of them
    why = models.CharField(max_length=32, default="", blank=True)  # of a kept one: why it was not put back

    class Meta(TenantModel.Meta):
        db_table = "import_change"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "run", "position"], name="import_change_place")
        ]
