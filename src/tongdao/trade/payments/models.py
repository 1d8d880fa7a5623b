"""The attempts to pay what is due, where the money went, refunds, and what the channel told us."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.party.merchants.models import MerchantAccount
from tongdao.trade.orders.models import Order, PaymentSchedule, Purchase


class PaymentAttempt(TenantModel):
    """One trade number at the channel. Changed terms need a new one, so several may exist for a step."""

    schedule: TenantForeignKey[PaymentSchedule, PaymentSchedule] = TenantForeignKey(
        PaymentSchedule, related_name="attempts"
    )
    purchase: TenantForeignKey[Purchase, Purchase] = TenantForeignKey(Purchase, related_name="attempts")
    account: TenantForeignKey[MerchantAccount, MerchantAccount] = TenantForeignKey(
        MerchantAccount, indexed=False
    )
    trade_no = models.CharField(max_length=32)  # ours, unique across merchants through the directory
    product = models.CharField(max_length=8)  # "jsapi", "h5" or "native"
    amount_fen = MoneyField()  # asked for
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="created")  # see states.ATTEMPT
    version = models.IntegerField(default=1)
    answer = models.JSONField(
        default=dict
    )  # what the buyer's page needs: {"h5_url"}, {"code_url"}, {"prepay_id"}
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # the channel's own expiry
    check_at = models.DateTimeField()  # when the channel is asked next if no notification comes
    captured_fen = MoneyField(null=True)  # what the channel says was paid
    captured_at = models.DateTimeField(null=True)
    refunded_fen = MoneyField(default=0)  # promised back by all refunds together; never above captured_fen
    channel_no = models.CharField(max_length=64, default="", blank=True)  # the channel's transaction id

    class Meta(TenantModel.Meta):
        db_table = "payment_attempt"
        indexes = [
            models.Index(
                fields=["check_at"],
                condition=Q(state__in=["created", "open"]),
                name="payment_attempt_check",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "trade_no"], name="payment_attempt_trade_no"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_attempt_amount"),
            models.CheckConstraint(
                condition=Q(refunded_fen=0)
                | Q(refunded_fen__gt=0, captured_fen__isnull=False, captured_fen__gte=F("refunded_fen")),
                name="payment_attempt_refunded",
            ),
        ]


class PaymentAllocation(TenantModel):
    """How much of a captured attempt pays for which order."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    attempt: TenantForeignKey[PaymentAttempt, PaymentAttempt] = TenantForeignKey(
        PaymentAttempt, related_name="allocations"
    )
    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="payments")
    amount_fen = MoneyField()  # of what was captured
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "payment_allocation"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "attempt", "order"], name="payment_allocation_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_allocation_amount"),
        ]


class Refund(TenantModel):
    """Money back to the buyer through the channel that it came by."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    attempt: TenantForeignKey[PaymentAttempt, PaymentAttempt] = TenantForeignKey(
        PaymentAttempt, related_name="refunds"
    )
    order: TenantForeignKey[Order | None, Order | None] = TenantForeignKey(
        Order, null=True, related_name="refunds"
    )  # null: the payment belonged to no order any more
    person_id = models.UUIDField()
    refund_no = models.CharField(max_length=32)  # ours, unique across merchants through the directory
    amount_fen = MoneyField()  # given back by this refund
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=24)  # "cancelled", "late_payment", "double_payment", …
    state = models.CharField(max_length=10, default="requested")  # see states.REFUND
    version = models.IntegerField(default=1)
    requested_at = models.DateTimeField()
    check_at = models.DateTimeField()  # when it is sent or asked about next
    tries = models.IntegerField(default=0)
    problem = models.CharField(max_length=64, default="", blank=True)  # the channel's last error code
    succeeded_at = models.DateTimeField(null=True)
    channel_no = models.CharField(max_length=64, default="", blank=True)

    class Meta(TenantModel.Meta):
        db_table = "refund"
        indexes = [
            models.Index(
                fields=["check_at"],
                condition=Q(state__in=["requested", "accepted"]),
                name="refund_check",
            ),
            models.Index(fields=["person_id"], name="refund_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "refund_no"], name="refund_no"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_amount"),
        ]


class Verdict(models.TextChoices):
    """What became of a callback."""

    ACCEPTED = "accepted"  # genuine and new
    REPEATED = "repeated"  # genuine, told us nothing new
    FORGED = "forged"  # signature or content does not verify
    STALE = "stale"  # genuine, but its timestamp is too far from now
    REPLAYED = "replayed"  # this very message was taken before
    UNKNOWN = "unknown"  # about nothing that we know
    REFUSED = "refused"  # contradicts what was agreed, such as the amount


class CallbackRecord(TenantModel):
    """Every message that reached a callback address of the merchant, also the refused ones."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    source = models.CharField(max_length=16)  # "wechatpay" or "carrier"
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    digest = models.BinaryField(max_length=32)  # SHA-256 of nonce and body; the body itself is not kept
    kind = models.CharField(max_length=40, default="", blank=True)  # the message's own event type
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "callback_record"
        indexes = [models.Index(fields=["merchant_id", "at"], name="callback_record_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "digest"],
                condition=Q(verdict="accepted"),
                name="callback_record_once",
            )
        ]
