"""How what was earned reaches its earners: payees, batches of payouts, and the transfers that carry them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.network.models import Promoter
from tongdao.rewards.commissions.models import Commission


class Way(models.TextChoices):
    """By which way a promoter is paid."""

    WECHAT = "wechat"  # a transfer that its payee takes in WeChat
    BANK = "bank"  # somebody of the shop pays it at the bank, and says so with proof


class Payee(TenantModel):
    """Under which name and by which way a promoter wants to be paid. Nobody is paid without a real name."""

    promoter: TenantForeignKey[Promoter, Promoter] = TenantForeignKey(Promoter, related_name="payees")
    way = models.CharField(max_length=8, choices=Way.choices)
    real_name = EncryptedTextField()
    bank = models.CharField(max_length=64, default="", blank=True)
    card: EncryptedTextField[str | None, str | None] = EncryptedTextField(null=True)
    said_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)  # staff compared name and card with papers; null: not yet
    checked_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "payee"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "promoter"], name="payee_once"),
            models.CheckConstraint(
                condition=Q(way="wechat") | Q(way="bank", card__isnull=False), name="payee_way"
            ),
        ]


class PayoutBatch(TenantModel):
    """Payouts that one person of the staff proposes and another one approves."""

    state = models.CharField(max_length=8, default="proposed")  # see states.BATCH
    version = models.IntegerField(default=1)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "payout_batch"
        indexes = [models.Index(fields=["merchant_id", "proposed_at"], name="payout_batch_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="payout_batch_four_eyes",
            )
        ]


class Payout(TenantModel):
    """All that was due to a promoter at one moment. `amount_fen` is the sum of its lines and never changes;
    so are name and card, as they were then. What has arrived of it are its paid transfers and `bank_fen`;
    once it is over that is the sum of what its lines brought. The database refuses it otherwise.
    """

    batch: TenantForeignKey[PayoutBatch, PayoutBatch] = TenantForeignKey(PayoutBatch, related_name="payouts")
    promoter: TenantForeignKey[Promoter, Promoter] = TenantForeignKey(Promoter, related_name="payouts")
    state = models.CharField(max_length=8, default="claimed")  # see states.PAYOUT
    version = models.IntegerField(default=1)
    way = models.CharField(max_length=8, choices=Way.choices)
    amount_fen = MoneyField()
    bank_fen = MoneyField(default=0)  # of it: paid at the bank
    real_name = EncryptedTextField()
    card: EncryptedTextField[str | None, str | None] = EncryptedTextField(null=True)
    claimed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # the name was written over: no law keeps it any more
    proof = models.CharField(
        max_length=120, default="", blank=True
    )  # of the bank: its number for the payment

    class Meta(TenantModel.Meta):
        db_table = "payout"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payout_amount"),
            models.CheckConstraint(
                condition=Q(bank_fen=0) | Q(bank_fen__gt=0, bank_fen__lte=F("amount_fen")) & ~Q(proof=""),
                name="payout_bank",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "promoter"],
                condition=Q(state__in=["claimed", "approved"]),
                name="payout_one_at_a_time",
            ),
        ]


class PayoutLine(TenantModel):
    """A commission in a payout, and what it is to bring. `live` until the payout comes to nothing for it."""

    payout: TenantForeignKey[Payout, Payout] = TenantForeignKey(Payout, related_name="lines")
    commission: TenantForeignKey[Commission, Commission] = TenantForeignKey(
        Commission, related_name="payout_lines"
    )
    amount_fen = MoneyField()
    paid_fen = MoneyField(default=0)  # what it has brought, once the payout is over
    live = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        db_table = "payout_line"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "commission"], condition=Q(live=True), name="payout_line_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, paid_fen__gte=0, paid_fen__lte=F("amount_fen")),
                name="payout_line_amount",
            ),
        ]


class Transfer(TenantModel):
    """One bill at the channel, for a part of a payout. A part has one that is not closed, and no second."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    payout: TenantForeignKey[Payout, Payout] = TenantForeignKey(Payout, related_name="transfers")
    account: TenantForeignKey[MerchantAccount, MerchantAccount] = TenantForeignKey(
        MerchantAccount, indexed=False
    )
    part = models.IntegerField()  # from 1
    amount_fen = MoneyField()
    bill_no = models.CharField(max_length=32)  # ours, letters and digits
    payee = models.CharField(max_length=64)  # the openid in the account's app
    state = models.CharField(max_length=9, default="created")  # see states.TRANSFER
    version = models.IntegerField(default=1)
    package = models.CharField(max_length=128, default="", blank=True)  # what the payee's page needs
    created_at = models.DateTimeField()
    check_at = models.DateTimeField()  # when it is sent or asked about next
    tries = models.IntegerField(default=0)
    problem = models.CharField(max_length=64, default="", blank=True)  # the channel's last word for it
    ended_at = models.DateTimeField(null=True)
    channel_no = models.CharField(max_length=64, default="", blank=True)

    class Meta(TenantModel.Meta):
        db_table = "transfer"
        indexes = [
            models.Index(
                fields=["check_at"],
                condition=Q(state__in=["created", "accepted", "waiting"]),
                name="transfer_check",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "bill_no"], name="transfer_bill_no"),
            models.UniqueConstraint(
                fields=["merchant_id", "payout", "part"],
                condition=~Q(state__in=["failed", "cancelled"]),
                name="transfer_one_open",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0, part__gt=0), name="transfer_amount"),
            models.CheckConstraint(  # nobody but the channel makes it paid, and that names its own number
                condition=~Q(state="paid") | ~Q(channel_no=""), name="transfer_paid_by_channel"
            ),
        ]
