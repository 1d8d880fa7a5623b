"""What promoters earned, a row a paid order line, and what was taken back of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.party.network.models import Promoter
from tongdao.trade.aftersales.models import AfterSaleLine
from tongdao.trade.orders.models import Order, OrderLine, WaterfallShare


class Commission(TenantModel):
    """A promoter's share of a line, from the payment on. `amount_fen` and `base_fen` never change.

    Of what was clawed back, `owed_fen` could not be taken any more, for the promoter had it: it is a debt,
    and `netted_fen` of it has been made good by later commissions. `offset_fen` of this one made good others.
    `part_paid_fen` reached the promoter by payouts whose rest was given up and is due again.
    """

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="commissions")
    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, indexed=False)
    share: TenantForeignKey[WaterfallShare, WaterfallShare] = TenantForeignKey(
        WaterfallShare, related_name="commissions", indexed=False
    )
    promoter: TenantForeignKey[Promoter, Promoter] = TenantForeignKey(Promoter, indexed=False)
    state = models.CharField(max_length=8, default="held")  # see states.COMMISSION
    version = models.IntegerField(default=1)
    base_fen = MoneyField()  # what the buyer paid for the line's goods
    amount_fen = MoneyField()  # of it, by the rule that the share names
    base_back_fen = MoneyField(default=0)  # given back to the buyer of the base
    clawed_fen = MoneyField(default=0)  # taken back of the amount
    owed_fen = MoneyField(default=0)  # of that: had been paid out, or had gone to other debts
    netted_fen = MoneyField(default=0)  # of that: made good by later commissions
    offset_fen = MoneyField(default=0)  # of this one's release: went to older debts
    part_paid_fen = MoneyField(default=0)  # paid by payouts that were given up for the rest
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "commission"
        indexes = [
            models.Index(fields=["merchant_id", "promoter", "state"], name="commission_promoter"),
            models.Index(
                fields=["merchant_id", "promoter"],
                condition=Q(owed_fen__gt=F("netted_fen")),
                name="commission_debt",
            ),
        ]
        constraints = [
            # One paid tier: a line is earned on once (Order 444, Art. 7(3)).
            models.UniqueConstraint(fields=["merchant_id", "line"], name="commission_one_a_line"),
            models.UniqueConstraint(fields=["merchant_id", "share"], name="commission_one_a_share"),
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gt=0,
                    clawed_fen__gte=0,
                    clawed_fen__lte=F("amount_fen"),
                    owed_fen__lte=F("clawed_fen"),
                    netted_fen__gte=0,
                    netted_fen__lte=F("owed_fen"),
                    offset_fen__gte=0,
                    part_paid_fen__gte=0,
                    base_back_fen__gte=0,
                    base_back_fen__lte=F("base_fen"),
                ),
                name="commission_amounts",
            ),
            # What is left to pay out: never below zero, whoever took what of it.
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gte=F("offset_fen") + F("clawed_fen") - F("owed_fen") + F("part_paid_fen")
                ),
                name="commission_payable",
            ),
        ]

    @property
    def kept_fen(self) -> int:
        """What the promoter earns on the line, after what went back."""
        return self.amount_fen - self.clawed_fen

    @property
    def payable_fen(self) -> int:
        """What the promoter's account holds of it while it is held or released; a payout takes that."""
        return self.amount_fen - self.offset_fen - (self.clawed_fen - self.owed_fen) - self.part_paid_fen


PAYABLE = F("amount_fen") - F("offset_fen") - F("clawed_fen") + F("owed_fen") - F("part_paid_fen")
"""`payable_fen` in the database."""


class Clawback(TenantModel):
    """What one refund took back of a commission. `owed_fen` of it became a debt."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    commission: TenantForeignKey[Commission, Commission] = TenantForeignKey(
        Commission, related_name="clawbacks"
    )
    case_line: TenantForeignKey[AfterSaleLine, AfterSaleLine] = TenantForeignKey(AfterSaleLine, indexed=False)
    base_fen = MoneyField()
    amount_fen = MoneyField()
    owed_fen = MoneyField(default=0)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "clawback"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "case_line"], name="clawback_once"),
            models.CheckConstraint(
                condition=Q(
                    base_fen__gte=0, amount_fen__gte=0, owed_fen__gte=0, owed_fen__lte=F("amount_fen")
                ),
                name="clawback_amounts",
            ),
        ]


class Netting(TenantModel):
    """A debt made good by the release of a later commission: which one owed, and which one gave."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    debt: TenantForeignKey[Commission, Commission] = TenantForeignKey(Commission, related_name="nettings")
    giver: TenantForeignKey[Commission, Commission] = TenantForeignKey(Commission, related_name="gave")
    amount_fen = MoneyField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "netting"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "giver", "debt"], name="netting_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="netting_amount"),
        ]
