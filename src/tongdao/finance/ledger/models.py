"""Double entry: accounts and postings, nothing of trade. The ledger states claims; it holds no money."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules


class Account(TenantModel):
    """Who has a claim, or where money stands. `code`: `kind` or `kind:owner`: `held.promoter:<id>`."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=32)  # see chart.py
    owner = models.UUIDField(null=True)  # the beneficiary's id, where the account is one party's
    currency = models.CharField(max_length=3)

    class Meta(TenantModel.Meta):
        db_table = "ledger_account"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code", "currency"], name="ledger_account_code")
        ]


class LedgerDay(TenantModel):
    """A booking day. Posting shares its row's lock, sealing takes it alone: nothing lands in a sealed day."""

    day = models.DateField()
    sealed_at = models.DateTimeField(null=True)
    postings = models.IntegerField(default=0)  # how many the seal covers
    previous = models.BinaryField(max_length=32, null=True)  # seal of the sealed day before
    seal = models.BinaryField(max_length=32, null=True)  # SHA-256 over previous and the day's postings
    leaves = models.BinaryField(null=True)  # what names a row that is not as it was sealed: see seals.py

    class Meta(TenantModel.Meta):
        db_table = "ledger_day"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "day"], name="ledger_day_once")]


class Transaction(TenantModel):
    """Postings that happen together. The same key with the same input is the same transaction."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    key = models.CharField(max_length=120)
    input_hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=32)  # "capture", "release", "refund", …
    subject = models.UUIDField()  # the row that it is about: payment attempt, order, refund
    booked_on = models.DateField()
    reverses: TenantForeignKey[Transaction | None, Transaction | None] = TenantForeignKey(
        "self", null=True, indexed=False
    )
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16, default="system")  # see foundation.actors
    actor_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "ledger_transaction"
        indexes = [models.Index(fields=["merchant_id", "subject"], name="ledger_transaction_subject")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "key"], name="ledger_transaction_key"),
            models.UniqueConstraint(
                fields=["merchant_id", "reverses"],
                condition=Q(reverses__isnull=False),
                name="ledger_transaction_reversed_once",
            ),
        ]


class Posting(TenantModel):
    """`amount_fen` goes from `source` to `destination`: balanced by construction."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    transaction: TenantForeignKey[Transaction, Transaction] = TenantForeignKey(
        Transaction, related_name="postings"
    )
    position = models.IntegerField()
    source: TenantForeignKey[Account, Account] = TenantForeignKey(Account, related_name="given")
    destination: TenantForeignKey[Account, Account] = TenantForeignKey(Account, related_name="received")
    amount_fen = MoneyField()  # always above zero
    currency = models.CharField(max_length=3)
    reference = models.UUIDField(null=True)  # the order line that it is about, where there is one
    booked_on = models.DateField()

    class Meta(TenantModel.Meta):
        db_table = "ledger_posting"
        indexes = [models.Index(fields=["merchant_id", "booked_on"], name="ledger_posting_day")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="ledger_posting_amount"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="ledger_posting_between_two"),
            models.UniqueConstraint(
                fields=["merchant_id", "transaction", "position"], name="ledger_posting_position"
            ),
        ]


class Balance(TenantModel):
    """The running balance of an account that has a limit; busy accounts have none (their sum is read)."""

    account: TenantForeignKey[Account, Account] = TenantForeignKey(Account, indexed=False)
    amount_fen = MoneyField(default=0)  # received minus given
    floor_fen = MoneyField(null=True)  # the balance may not go below it
    ceiling_fen = MoneyField(null=True)  # nor above this

    class Meta(TenantModel.Meta):
        db_table = "ledger_balance"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "account"], name="ledger_balance_account"),
            models.CheckConstraint(condition=Q(amount_fen__gte=F("floor_fen")), name="ledger_balance_limit"),
            models.CheckConstraint(
                condition=Q(amount_fen__lte=F("ceiling_fen")), name="ledger_balance_ceiling"
            ),
        ]


class Closing(TenantModel):
    """What an account had given and received, from the first day to the end of a sealed one.

    Made when the day is sealed, for the accounts that moved: a balance is the last of these and the tail.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    account: TenantForeignKey[Account, Account] = TenantForeignKey(Account, indexed=False)
    day = models.DateField()
    given_fen = MoneyField()
    received_fen = MoneyField()

    class Meta(TenantModel.Meta):
        db_table = "ledger_closing"
        indexes = [models.Index(fields=["merchant_id", "day"], name="ledger_closing_day")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "account", "day"], name="ledger_closing_once"),
            models.CheckConstraint(
                condition=Q(given_fen__gte=0) & Q(received_fen__gte=0), name="ledger_closing_amounts"
            ),
        ]
