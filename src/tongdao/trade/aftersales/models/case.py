"""The after-sale case (售后单): about some units of one order, with a life of its own (states.py)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.models import ReturnParcel


class AfterSaleKind(models.TextChoices):
    """What it is about. The first two are granted as they are opened, the others wait for the seller."""

    CANCEL = "cancel"  # before anything was shipped: granted at once
    REFUND = "refund"  # staff give money back for some units, whatever became of them
    REFUND_ONLY = "refund_only"  # the buyer keeps what came, or nothing came
    RETURN = "return_refund"  # the goods go back, then the money does
    EXCHANGE = "exchange"  # the goods go back, others come
    REPAIR = "repair"  # the goods go back, and come again mended
    PRICE = "price_adjustment"  # the buyer keeps the goods for less


class AfterSale(TenantModel):
    """One case about one order, with its lines and quantities.

    `due_at` is when the state that it is in ends by itself (deadlines.py says who is to move and what
    happens then); while it is disputed that stands still, and `paused_left` keeps what was left of it.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="aftersales")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=AfterSaleKind.choices)
    reason = models.CharField(max_length=24)  # code chosen by whoever opened it
    state = models.CharField(max_length=10, default="requested")  # see states.AFTER_SALE
    version = models.IntegerField(default=1)
    refund: TenantForeignKey[Refund | None, Refund | None] = TenantForeignKey(
        Refund, null=True, related_name="aftersales"
    )  # once money was granted
    asked_fen = MoneyField(null=True)  # of the goods; null: what the units come to
    freight = models.CharField(max_length=5, default="share")  # FreightRule of reckoning: how much goes along
    refused_as = models.CharField(max_length=24, default="", blank=True)  # code of REFUSALS
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)  # that it is due soon
    paused_left = models.DurationField(null=True)
    carriage = models.CharField(max_length=5, default="", blank=True)  # who pays for sending back; "": nobody
    back_to = EncryptedTextField(null=True)  # shipping.places.Place as it was shown, JSON
    carrier = models.CharField(max_length=24, default="", blank=True)  # by which the goods go back
    waybill_no = models.CharField(max_length=40, default="", blank=True)
    return_parcel: TenantForeignKey[ReturnParcel | None, ReturnParcel | None] = TenantForeignKey(
        ReturnParcel, null=True, related_name="aftersales"
    )  # the same waybill, as it is followed
    sent_at = models.DateTimeField(null=True)
    silent_told_at = models.DateTimeField(null=True)  # to the buyer: no scan of it was heard of
    signed_at = models.DateTimeField(null=True)  # when the carrier handed it over, as it says
    received_at = models.DateTimeField(null=True)  # by the seller
    new_carrier = models.CharField(max_length=24, default="", blank=True)  # by which others, or they, come
    new_waybill_no = models.CharField(max_length=40, default="", blank=True)
    replaced_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "after_sale"
        indexes = [
            models.Index(fields=["person_id"], name="after_sale_person"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="after_sale_due"),
            models.Index(
                fields=["merchant_id", "opened_at"],
                condition=Q(ended_at__isnull=True),
                name="after_sale_open",
            ),
            models.Index(fields=["merchant_id", "opened_at", "id"], name="after_sale_latest"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state="returning", signed_at__isnull=True, silent_told_at__isnull=True),
                name="after_sale_sent",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(AFTER_SALE.final), ended_at__isnull=False)
                | (~Q(state__in=sorted(AFTER_SALE.final)) & Q(ended_at__isnull=True)),
                name="after_sale_ended",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(paused_left__isnull=True, ended_at__isnull=True),
                name="after_sale_one_clock",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(return_parcel__isnull=False),
                name="after_sale_signed",
            ),
            models.CheckConstraint(
                condition=Q(asked_fen__isnull=True) | Q(asked_fen__gt=0), name="after_sale_asked"
            ),
        ]

    def tells_of(self, handed_over: datetime) -> bool:
        """Whether a handing-over at that time (carriers tell whole seconds) can be that of its goods."""
        return handed_over >= self.opened_at.replace(microsecond=0)

    @property
    def back_fen(self) -> int:
        """What goes back to the buyer for it, or has; nothing as long as none was granted."""
        return self.refund.amount_fen if self.refund else 0
