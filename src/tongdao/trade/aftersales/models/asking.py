"""What was asked for, what the sides say of it, and what they show."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.aftersales.models.case import AfterSale
from tongdao.trade.orders.models import OrderLine

MOST_LETTERS = 1_000


class Side(models.TextChoices):
    """Who speaks, or has to move."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"


class AfterSaleItem(TenantModel):
    """How many units of a line a case is about."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    aftersale: TenantForeignKey[AfterSale, AfterSale] = TenantForeignKey(AfterSale, related_name="items")
    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="asked")
    quantity = models.IntegerField()
    for_sku_id = models.UUIDField(null=True)  # what an exchange brings instead; null: the same

    class Meta(TenantModel.Meta):
        db_table = "after_sale_item"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "aftersale", "line"], name="after_sale_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="after_sale_item_quantity"),
        ]


class AfterSaleWord(TenantModel):
    """What a side said at a step of the case. It stands as it was said."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    aftersale: TenantForeignKey[AfterSale, AfterSale] = TenantForeignKey(AfterSale, related_name="words")
    side = models.CharField(max_length=8, choices=Side.choices)
    author_id = models.UUIDField(null=True)  # the person, or who of the staff
    step = models.CharField(max_length=10)  # the state it led to, or "statement"
    text = models.CharField(max_length=MOST_LETTERS, blank=True)
    said_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "after_sale_word"


class AfterSaleFile(AttachmentRow):
    """A picture or a video that came with what a side said. `file` is empty once it was erased."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    word: TenantForeignKey[AfterSaleWord, AfterSaleWord] = TenantForeignKey(
        AfterSaleWord, related_name="file_rows", indexed=False
    )

    class Meta(AttachmentRow.Meta):
        abstract = False
        db_table = "after_sale_file"
        constraints = [
            *AttachmentRow.Meta.constraints,
            models.UniqueConstraint(fields=["merchant_id", "word", "position"], name="after_sale_file_place"),
        ]
