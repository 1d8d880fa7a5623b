"""Changes of many goods at once: what was asked, and what became of each of its lines."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel
from tongdao.goods.catalog.models import Product, Sku


class BatchKind(models.TextChoices):
    """What a batch changes."""

    PRICE = "price"  # public prices of SKUs
    PUBLISH = "publish"  # whether products are in the shop
    SALEABLE = "saleable"  # whether SKUs can be bought


class GoodsBatch(TenantModel):
    """A bulk change, at once or from a moment on. The sweep works it off and goes on where it was killed."""

    kind = models.CharField(max_length=8, choices=BatchKind.choices)
    state = models.CharField(max_length=9, default="waiting")  # see states.GOODS_BATCH
    version = models.IntegerField(default=1)
    rule = models.JSONField(default=dict)  # fields of reckoning.PriceRule; {"on": bool} of the other kinds
    note = models.CharField(max_length=120, default="", blank=True)  # why, in the words of staff
    due_at = models.DateTimeField()  # not before this moment
    planned = models.BooleanField(default=False)  # whether `due_at` was chosen; False: at once
    staff_id = models.UUIDField(null=True)  # the person who asked for it
    lines = models.IntegerField()  # how many there are
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)  # the person who took it back, or cancelled it

    class Meta(TenantModel.Meta):
        db_table = "goods_batch"
        indexes = [
            models.Index(fields=["merchant_id", "created_at"], name="goods_batch_latest"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "running", "undoing"]),
                name="goods_batch_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="goods_batch_kind"),
            models.CheckConstraint(condition=Q(lines__gt=0), name="goods_batch_lines"),
        ]


class GoodsBatchLine(TenantModel):
    """One SKU, or one product, of a batch: what it was when staff saw it, and what it shall be."""

    batch: TenantForeignKey[GoodsBatch, GoodsBatch] = TenantForeignKey(GoodsBatch, indexed=False)
    position = models.IntegerField()
    state = models.CharField(max_length=7, default="waiting")  # see states.GOODS_BATCH_LINE
    version = models.IntegerField(default=1)
    product: TenantForeignKey[Product, Product] = TenantForeignKey(Product, indexed=False)
    sku: TenantForeignKey[Sku | None, Sku | None] = TenantForeignKey(Sku, null=True)  # None: the product
    old_fen = MoneyField(null=True)  # public price when staff saw it
    new_fen = MoneyField(null=True)  # public price that it shall have
    old_compare_fen = MoneyField(null=True)  # crossed-out price when staff saw it; None: none
    new_compare_fen = MoneyField(null=True)  # crossed-out price that it shall have; None: none
    old_on = models.BooleanField(null=True)  # published, or saleable, when staff saw it
    new_on = models.BooleanField(null=True)
    price_version = models.IntegerField(null=True)  # that the change made: a later one is somebody else's
    why = models.CharField(max_length=32, default="", blank=True)  # code of a refused or kept line

    class Meta(TenantModel.Meta):
        db_table = "goods_batch_line"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "batch", "position"], name="goods_batch_line_place"
            ),
            models.CheckConstraint(
                condition=Q(new_fen__isnull=False, new_fen__gt=0, old_fen__isnull=False, new_on__isnull=True)
                | Q(new_fen__isnull=True, new_on__isnull=False, old_on__isnull=False),
                name="goods_batch_line_shape",
            ),
        ]
