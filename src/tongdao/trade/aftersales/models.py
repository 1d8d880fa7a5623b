"""Everything that undoes a paid order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.orders.models import Order, OrderLine, WaterfallShare
from tongdao.trade.payments.models import Refund


class AfterSaleKind(models.TextChoices):
    """What the buyer asked for."""

    CANCEL = "cancel"  # before anything was shipped: granted at once, in full
    REFUND = "refund"  # staff give money back for some units, whatever became of them


class AfterSale(TenantModel):
    """One case about one order, with its lines and quantities."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="aftersales")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=AfterSaleKind.choices)
    reason = models.CharField(max_length=24)  # code chosen by the buyer
    state = models.CharField(max_length=10, default="granted")  # see states.AFTER_SALE
    version = models.IntegerField(default=1)
    refund: TenantForeignKey[Refund, Refund] = TenantForeignKey(Refund, related_name="aftersales")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "after_sale"
        indexes = [models.Index(fields=["person_id"], name="after_sale_person")]


class AfterSaleLine(TenantModel):
    """How many units of a line are undone, and what is given back for them."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    aftersale: TenantForeignKey[AfterSale, AfterSale] = TenantForeignKey(AfterSale, related_name="lines")
    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="aftersales")
    quantity = models.IntegerField()
    refund_fen = MoneyField()  # for these units, freight included
    freight_fen = MoneyField(default=0)  # of that, the freight

    class Meta(TenantModel.Meta):
        db_table = "after_sale_line"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="after_sale_line_quantity"),
            models.CheckConstraint(
                condition=Q(freight_fen__gte=0, refund_fen__gte=F("freight_fen")), name="after_sale_line_fen"
            ),
        ]


class AfterSaleShare(TenantModel):
    """What one share of the line gives up for it. A case line's sum to its `refund_fen`."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    case_line: TenantForeignKey[AfterSaleLine, AfterSaleLine] = TenantForeignKey(
        AfterSaleLine, related_name="shares", indexed=False
    )
    share: TenantForeignKey[WaterfallShare, WaterfallShare] = TenantForeignKey(
        WaterfallShare, related_name="given_up"
    )
    amount_fen = MoneyField()

    class Meta(TenantModel.Meta):
        db_table = "after_sale_share"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "case_line", "share"], name="after_sale_share_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="after_sale_share_amount"),
        ]


class LineRefunded(TenantModel):
    """What has gone back of an order line so far: never more than was paid, whoever writes it.

    The `of_…` columns say what the line was, so that the check below can compare.
    """

    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(
        OrderLine, related_name="refunded", indexed=False
    )
    of_quantity = models.IntegerField()
    of_goods_fen = MoneyField()
    of_freight_fen = MoneyField()
    quantity = models.IntegerField()
    goods_fen = MoneyField()
    freight_fen = MoneyField()

    class Meta(TenantModel.Meta):
        db_table = "line_refunded"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "line"], name="line_refunded_once"),
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0,
                    quantity__lte=F("of_quantity"),
                    goods_fen__gte=0,
                    goods_fen__lte=F("of_goods_fen"),
                    freight_fen__gte=0,
                    freight_fen__lte=F("of_freight_fen"),
                ),
                name="line_refunded_paid",
            ),
        ]

    @property
    def fen(self) -> int:
        return self.goods_fen + self.freight_fen
