"""What is said about an order: by its buyer, by the shop, and by the promoter whom the buyer wrote to."""

from __future__ import annotations

from typing import ClassVar, Literal

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.orders.models import Order

MOST_LETTERS = 1_000
MOST_QUICK_LETTERS = 500
Thread = Literal["shop", "promoter"]
SideWord = Literal["buyer", "staff", "promoter"]


class Side(models.TextChoices):
    """In which capacity somebody writes or reads."""

    BUYER = "buyer", "the buyer"
    STAFF = "staff", "the shop's service"
    PROMOTER = "promoter", "the promoter of record"


class Talk(TenantModel):
    """One conversation of an order: with the shop, or with one promoter of record (then the shop reads too).

    Its messages are numbered 1 to `last_seq` under the order's lock. `…_seen` is up to where a side has read,
    `…_unread` how many messages of others lie behind that. Nobody but these three sides ever reads it.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="talks", indexed=False)
    promoter_id = models.UUIDField(null=True)  # null: with the shop alone
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_seq = models.IntegerField(default=0)
    buyer_waits_since = models.DateTimeField(null=True)  # the first message that nobody has answered
    buyer_language = models.CharField(
        max_length=8, blank=True, default=""
    )  # it wrote last while reading this one
    buyer_seen = models.IntegerField(default=0)
    staff_seen = models.IntegerField(default=0)
    promoter_seen = models.IntegerField(default=0)
    buyer_unread = models.IntegerField(default=0)
    staff_unread = models.IntegerField(default=0)
    promoter_unread = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "talk"
        indexes = [
            models.Index(
                fields=["merchant_id", "buyer_waits_since", "id"],
                condition=Q(buyer_waits_since__isnull=False, promoter_id__isnull=True),
                name="talk_waiting",
            ),
            models.Index(fields=["merchant_id", "last_at", "id"], name="talk_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "promoter_id"], nulls_distinct=False, name="talk_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    last_seq__gte=0,
                    buyer_unread__gte=0,
                    staff_unread__gte=0,
                    promoter_unread__gte=0,
                    buyer_seen__range=(0, F("last_seq")),
                    staff_seen__range=(0, F("last_seq")),
                    promoter_seen__range=(0, F("last_seq")),
                ),
                name="talk_counts",
            ),
        ]

    @property
    def thread(self) -> Thread:
        return "promoter" if self.promoter_id else "shop"


class Message(TenantModel):
    """What somebody said. It stands as it was said, until its words are erased. Sealed: it may name a person.

    `key` is the sender's own for one sending, so that a double tap says it once. `text` is null where only
    files were sent; they are counted here, so that none can be added later.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    talk: TenantForeignKey[Talk, Talk] = TenantForeignKey(Talk, related_name="messages", indexed=False)
    seq = models.IntegerField()  # from 1, without a gap
    side = models.CharField(max_length=8, choices=Side.choices)
    author_id = models.UUIDField()  # the person who wrote it
    key = models.CharField(max_length=64)
    text = EncryptedTextField(null=True)
    files = models.SmallIntegerField(default=0)
    forgotten = models.BooleanField(default=False)  # its words were erased
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "message"
        indexes = [models.Index(fields=["merchant_id", "author_id"], name="message_author")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "talk", "seq"], name="message_place"),
            models.UniqueConstraint(fields=["merchant_id", "talk", "side", "key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(seq__gte=1, files__gte=0) & (Q(text__isnull=False) | Q(files__gt=0)),
                name="message_says",
            ),
        ]


class MessageFile(AttachmentRow):
    """A picture or a video of a message. `file` is empty once it was erased."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    message: TenantForeignKey[Message, Message] = TenantForeignKey(
        Message, related_name="file_rows", indexed=False
    )

    class Meta(AttachmentRow.Meta):
        abstract = False
        db_table = "message_file"
        constraints = [
            *AttachmentRow.Meta.constraints,
            models.UniqueConstraint(fields=["merchant_id", "message", "position"], name="message_file_place"),
        ]


class QuickAnswer(TenantModel):
    """Words that service sends often, in Chinese, in English, or in both; the title is for the desk.

    `{order}`, `{product}` and `{parcel}` in them become the order's.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    title = models.CharField(max_length=40)
    text = models.CharField(max_length=MOST_QUICK_LETTERS, blank=True)
    text_en = models.CharField(max_length=MOST_QUICK_LETTERS, blank=True, default="")
    position = models.IntegerField()  # from 1; the first nine have a key of their own at the desk

    class Meta(TenantModel.Meta):
        db_table = "quick_answer"
        indexes = [models.Index(fields=["merchant_id", "position", "id"], name="quick_answer_order")]
        constraints = [
            models.CheckConstraint(condition=~Q(text="", text_en=""), name="quick_answer_says"),
        ]
