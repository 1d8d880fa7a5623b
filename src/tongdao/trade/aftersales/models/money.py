"""What a case gives back of each line, whose share gives it up, and what is gone of a line in all."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.aftersales.models.case import AfterSale
from tongdao.trade.orders.models import OrderLine, WaterfallShare


class AfterSaleLine(TenantModel):
    """How many units of a line are undone, and what is given back for them. None: its price was lowered."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    aftersale: TenantForeignKey[AfterSale, AfterSale] = TenantForeignKey(AfterSale, related_name="lines")
    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="aftersales")
    quantity = models.IntegerField()
    refund_fen = MoneyField()  # for these units, freight included
    freight_fen = MoneyField(default=0)  # of that, the freight

    class Meta(TenantModel.Meta):
        db_table = "after_sale_line"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(refund_fen__gt=0), name="after_sale_line_quantity"
            ),
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
    kept_fen = MoneyField(default=0)  # of goods that are gone: it was settled that it stays with the sellers

    class Meta(TenantModel.Meta):
        db_table = "line_refunded"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "line"], name="line_refunded_once"),
            models.CheckConstraint(
                condition=Q(
                    quantity__gte=0,
                    quantity__lte=F("of_quantity"),
                    goods_fen__gte=0,
                    kept_fen__gte=0,
                    goods_fen__lte=F("of_goods_fen") - F("kept_fen"),
                    freight_fen__gte=0,
                    freight_fen__lte=F("of_freight_fen"),
                ),
                name="line_refunded_paid",
            ),
        ]

    @property
    def fen(self) -> int:
        return self.goods_fen + self.freight_fen
