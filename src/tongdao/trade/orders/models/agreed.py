from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.reach.traffic.models import Touch
from tongdao.trade.orders.models.order import Order, OrderLine


class ShareKind(models.TextChoices):
    """What a party gets a share of a sale for."""

    SELLER = "seller"  # the seller's own: what is left
    PROMOTER = "promoter"  # commission of the promoter of record; at most one a line
    CHANNEL_FEE = "channel_fee"  # what the payment channel keeps


class WaterfallShare(TenantModel):
    """Where the money of a line goes, frozen when it was placed. The shares sum to paid_fen + freight_fen."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="shares")
    kind = models.CharField(max_length=16, choices=ShareKind.choices)
    beneficiary = models.UUIDField(null=True)  # partner or promoter; null for the channel
    amount_fen = MoneyField()  # at capture goes from the buyer's funds to the beneficiary
    rule_version = models.CharField(max_length=40)  # which rule gave the amount: "plan:3.2", "fee:60", "rest"

    class Meta(TenantModel.Meta):
        db_table = "waterfall_share"
        indexes = [
            models.Index(
                fields=["merchant_id", "beneficiary"],
                condition=Q(kind="promoter"),
                name="waterfall_share_promoter",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="waterfall_share_amount"),
            # One paid tier: at most one earner without title a line (Order 444, Art. 7(3)).
            models.UniqueConstraint(
                fields=["merchant_id", "line"],
                condition=Q(kind="promoter"),
                name="waterfall_one_promoter_a_line",
            ),
        ]


class DiscountShare(TenantModel):
    """What one promotion took off a line. A line's shares sum to its `discount_fen`."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="discounts")
    kind = models.CharField(max_length=9)  # of terms.promotions.models.Kind
    promotion_id = models.UUIDField()
    amount_fen = MoneyField()  # off all units of the line
    base_fen = MoneyField(null=True)  # the price of one unit that it was compared with, where one was shown

    class Meta(TenantModel.Meta):
        db_table = "discount_share"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "line", "promotion_id"], name="discount_share_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="discount_share_amount"),
        ]


class TouchCandidate(TenantModel):
    """All touches that were in the attribution window, frozen with the order; the losing ones too."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="touches")
    touch: TenantForeignKey[Touch, Touch] = TenantForeignKey(Touch, indexed=False)
    rank = models.IntegerField()  # 1 is the latest
    won = models.BooleanField()  # its promoter is the promoter of record
    model_version = models.CharField(max_length=24)  # of the attribution rule

    class Meta(TenantModel.Meta):
        db_table = "touch_candidate"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "order", "rank"], name="touch_candidate_rank")
        ]
