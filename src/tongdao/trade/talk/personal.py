"""What was said is a record of the trade, kept without its words once the buyer or its promoter is erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tongdao.foundation.attachments.forgetting import forget_files
from tongdao.foundation.personal import BLANK, holds
from tongdao.trade.orders.personal import ended_before
from tongdao.trade.talk.models import Message, MessageFile, Side


def messages_about(person_id: UUID) -> QuerySet[Message]:
    """All in the conversations of the person's orders, whoever wrote them; and what it wrote as a promoter.

    What somebody wrote as staff is the shop's: it goes with its buyer.
    """
    as_promoter = Q(author_id=person_id, side=Side.PROMOTER)
    return Message.objects.filter(Q(talk__order__person_id=person_id) | as_promoter)


def forget_messages(before: datetime, at_once: int) -> int:
    """Write over the words of trades that ended before; returns how many. In a merchant's scope."""
    old = Message.objects.filter(ended_before(before, "talk__order__"), talk__last_at__lt=before)
    ids = list(old.filter(forgotten=False).order_by("id").values_list("id", flat=True)[:at_once])
    if not ids:
        return 0
    forget_files(MessageFile.objects.filter(message_id__in=ids))
    return Message.objects.filter(pk__in=ids).update(**FORGOTTEN)


def files_about(person_id: UUID) -> QuerySet[MessageFile]:
    return MessageFile.objects.filter(message__in=messages_about(person_id))


def forget_files_about(person_id: UUID) -> int:
    return forget_files(files_about(person_id))


FORGOTTEN = {"text": BLANK, "forgotten": True}
holds(
    Message,
    "blanked",
    rows=messages_about,
    shows=("talk__order__number", "side", "text", "at"),
    laws=("retention.trade_records",),
    since="talk__order__completed_at",
    blank=FORGOTTEN,
)
holds(
    MessageFile,
    "blanked",
    rows=files_about,
    shows=("message__talk__order__number", "type", "bytes", "message__at"),
    file="file",
    laws=("retention.trade_records",),
    since="message__talk__order__completed_at",
    erase=forget_files_about,
    blank={"file": ""},
)
