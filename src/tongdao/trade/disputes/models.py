"""What the two sides of an after-sale case cannot settle, and what the platform rules."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.aftersales.models import AfterSale, Side

MOST_LETTERS = 2_000


class Outcome(models.TextChoices):
    """For whom it is ruled."""

    BUYER = "buyer"  # what was asked is granted
    PART = "part"  # less money than was asked
    SELLER = "seller"  # the case is closed as it is


class Dispute(TenantModel):
    """One case before the platform. `due_at`: by when whoever is to move has to, as the state says."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    aftersale: TenantForeignKey[AfterSale, AfterSale] = TenantForeignKey(AfterSale, related_name="disputes")
    order_id = models.UUIDField()  # of the case
    person_id = models.UUIDField()  # the buyer
    opened_by = models.CharField(max_length=8, choices=Side.choices)
    state = models.CharField(max_length=10, default="open")  # see states.DISPUTE
    version = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField()  # until then each side states its case; nothing is ruled before
    due_at = models.DateTimeField(null=True)
    appealed_by = models.CharField(max_length=8, choices=Side.choices, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "dispute"
        indexes = [
            models.Index(fields=["person_id"], name="dispute_person"),
            models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="dispute_due"),
            models.Index(fields=["merchant_id", "opened_at", "id"], name="dispute_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "aftersale"],
                condition=Q(ended_at__isnull=True),
                name="dispute_one_open_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["dropped", "enforced"], ended_at__isnull=False)
                | (~Q(state__in=["dropped", "enforced"]) & Q(ended_at__isnull=True)),
                name="dispute_ended",
            ),
        ]


class Statement(TenantModel):
    """What a side says to the arbiter."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    dispute: TenantForeignKey[Dispute, Dispute] = TenantForeignKey(Dispute, related_name="statements")
    side = models.CharField(max_length=8, choices=Side.choices)
    author_id = models.UUIDField(null=True)  # the person, or who of the staff
    step = models.CharField(max_length=10)  # "opening", "answer", "appeal"
    text = models.CharField(max_length=MOST_LETTERS)
    said_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "dispute_statement"


class StatementFile(AttachmentRow):
    """A picture or a video that a side shows the arbiter. `file` is empty once it was erased."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    statement: TenantForeignKey[Statement, Statement] = TenantForeignKey(
        Statement, related_name="file_rows", indexed=False
    )

    class Meta(AttachmentRow.Meta):
        abstract = False
        db_table = "dispute_file"
        constraints = [
            *AttachmentRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant_id", "statement", "position"], name="dispute_file_place"
            ),
        ]


class Ruling(TenantModel):
    """What an arbiter decided and on what ground. The second one is of another arbiter and stands."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    dispute: TenantForeignKey[Dispute, Dispute] = TenantForeignKey(Dispute, related_name="rulings")
    round = models.SmallIntegerField()  # 1, and 2 after an appeal
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    goods_back = models.BooleanField()  # before the money: the case is agreed to, and goes its way
    goods_fen = MoneyField(null=True)  # of PART: so much for the goods
    rule = models.CharField(max_length=40)  # code of disputes.rules
    text = models.CharField(max_length=MOST_LETTERS)  # the reasons, read by both sides
    arbiter_id = models.UUIDField()
    ruled_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "dispute_ruling"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "dispute", "round"], name="dispute_ruling_once"),
            models.UniqueConstraint(
                fields=["merchant_id", "dispute", "arbiter_id"], name="dispute_ruling_two_arbiters"
            ),
            models.CheckConstraint(
                condition=Q(round__in=[1, 2])
                & (
                    Q(outcome="part", goods_fen__gt=0, goods_fen__isnull=False)
                    | (~Q(outcome="part") & Q(goods_fen__isnull=True))
                )
                & ~Q(outcome="seller", goods_back=True),
                name="dispute_ruling_whole",
            ),
        ]
