"""Reading conversations: one of an order as a side sees it, those that wait, counts. In a merchant_scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from tongdao.foundation.actors import Actor
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.network.models import Promoter
from tongdao.trade.orders.models import DeliveryAddress, Order
from tongdao.trade.talk.access import (
    check_promoter,
    closes_at,
    order_of_buyer,
    order_of_promoter,
    order_of_staff,
    promoters_of,
)
from tongdao.trade.talk.masking import hide_private
from tongdao.trade.talk.models import Message, MessageFile, QuickAnswer, Side, Talk, Thread

PAGE = 50
MOST_COUNTED = 100
_WAITING = """
select count(*) from (
  select from talk where merchant_id = %s and buyer_waits_since is not null and promoter_id is null limit %s
) as waiting
"""

__all__ = [
    "MessageView",
    "TalkView",
    "Writable",
    "ask_waiting",
    "file_of",
    "promoters_to_write_to",
    "quick_answers",
    "talk_for_buyer",
    "talk_for_promoter",
    "talk_for_staff",
    "talks",
    "unread_begun",
    "unread_of_buyer",
    "unread_of_order",
    "unread_of_promoter",
]


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its reader sees it. `hidden`: a promoter does not read all of its words.

    `forgotten`: its words were erased; nothing of them is left.
    """

    message_id: UUID
    seq: int
    side: Side
    author_id: UUID
    text: str
    hidden: bool
    forgotten: bool
    at: datetime
    files: tuple[MessageFile, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkView:
    """One conversation, as one side sees it; without `talk_id` nobody has written yet.

    `buyer_language`: what the buyer read when it wrote last; empty before.

    `messages`: the oldest first; `earlier` is the place to go on from towards the beginning, None there.
    `seen`: up to where each other side has read; `ends_at`: nobody writes from then on, None while the order
    goes on.
    """

    order_id: UUID
    talk_id: UUID | None
    promoter_id: UUID | None
    messages: tuple[MessageView, ...]
    earlier: int | None
    last_seq: int
    buyer_seen: int
    staff_seen: int
    promoter_seen: int
    unread: int
    buyer_waits_since: datetime | None
    buyer_language: str
    ends_at: datetime | None

    @property
    def thread(self) -> Thread:
        return "promoter" if self.promoter_id else "shop"


@dataclass(frozen=True, slots=True)
class Writable:
    """A promoter of record of the buyer's order. `begun`: the buyer has written already."""

    promoter_id: UUID
    shown_name: str
    begun: bool
    unread: int


def talk_for_buyer(
    order_id: UUID, *, promoter_id: UUID | None = None, before: int | None = None, actor: Actor
) -> TalkView:
    """Raises NotFound for another buyer's order, or a promoter of another order."""
    order = order_of_buyer(order_id, actor)
    check_promoter(order_id, promoter_id)
    return _view(order, promoter_id, Side.BUYER, before)


def talk_for_staff(
    order_id: UUID, *, promoter_id: UUID | None = None, before: int | None = None, actor: Actor
) -> TalkView:
    """Raises NotFound, or NotAllowed for who is no staff."""
    order = order_of_staff(order_id, actor)
    check_promoter(order_id, promoter_id)
    return _view(order, promoter_id, Side.STAFF, before)


def talk_for_promoter(order_id: UUID, *, before: int | None = None, actor: Actor) -> TalkView:
    """What others wrote is without what is private of the buyer (masking). Raises NotFound."""
    order, promoter_id = order_of_promoter(order_id, actor)
    return _view(order, promoter_id, Side.PROMOTER, before)


def promoters_to_write_to(order_id: UUID) -> list[Writable]:
    """Whom the buyer of this order can write to besides the shop."""
    ids = promoters_of(order_id)
    if not ids:
        return []
    begun = {row.promoter_id: row for row in Talk.objects.filter(order_id=order_id, promoter_id__in=ids)}
    names = dict(Promoter.objects.filter(pk__in=ids).values_list("id", "shown_name"))
    return [
        Writable(id, names.get(id) or "", id in begun, begun[id].buyer_unread if id in begun else 0)
        for id in ids
    ]


def talks(*, waiting: bool = False) -> QuerySet[Talk]:
    """All of the merchant's, with their orders; or those with the shop in which a buyer waits."""
    rows = Talk.objects.select_related("order")
    return rows.filter(buyer_waits_since__isnull=False, promoter_id__isnull=True) if waiting else rows


def ask_waiting() -> Asking[int]:
    """In how many conversations a buyer waits for the shop, counted up to MOST_COUNTED."""
    ((count,),) = yield from ask(_WAITING, [current_merchant(), MOST_COUNTED])
    return int(count)


def unread_of_buyer(person_id: UUID, order_ids: Iterable[UUID] | None = None) -> dict[UUID, int]:
    """By order, how many messages the buyer has not read; orders without any are left out."""
    rows = Talk.objects.filter(order__person_id__same_as=person_id, buyer_unread__gt=0)
    if order_ids is not None:
        rows = rows.filter(order_id__in=list(order_ids))
    return dict(rows.order_by().values_list("order_id").annotate(unread=Sum("buyer_unread")))


def unread_of_order(order_id: UUID) -> int:
    """How many messages its buyer has not read."""
    found = Talk.objects.filter(order_id=order_id).aggregate(unread=Sum("buyer_unread"))
    return found["unread"] or 0


def unread_of_promoter(
    promoter_ids: Sequence[UUID], order_ids: Iterable[UUID] | None = None
) -> dict[UUID, int]:
    """The same for a promoter's own conversations."""
    rows = Talk.objects.filter(promoter_id__in=list(promoter_ids), promoter_unread__gt=0)
    if order_ids is not None:
        rows = rows.filter(order_id__in=list(order_ids))
    return dict(rows.order_by().values_list("order_id").annotate(unread=Sum("promoter_unread")))


def unread_begun(promoter_ids: Sequence[UUID], order_id: UUID) -> int | None:
    """How many messages a promoter has not read; None where the buyer has not written. Of the order, and of
    whose it is, nothing is read.
    """
    rows = Talk.objects.filter(order_id=order_id, promoter_id__in=list(promoter_ids))
    found: int | None = rows.aggregate(unread=Sum("promoter_unread"))["unread"]
    return found


def quick_answers() -> list[QuickAnswer]:
    return list(QuickAnswer.objects.order_by("position", "id"))


def _view(order: Order, promoter_id: UUID | None, side: Side, before: int | None) -> TalkView:
    talk = Talk.objects.filter(order=order, promoter_id=promoter_id).first()
    found = _messages(talk, before) if talk else []
    shown = found[:PAGE][::-1]
    known = _known(order) if promoter_id and found else ()
    files = _files(shown)
    return TalkView(
        order_id=order.id,
        talk_id=talk.id if talk else None,
        promoter_id=promoter_id,
        messages=tuple(
            _said(message, side, promoter_id, known, files.get(message.id, ())) for message in shown
        ),
        earlier=shown[0].seq if len(found) > PAGE else None,
        last_seq=talk.last_seq if talk else 0,
        buyer_seen=talk.buyer_seen if talk else 0,
        staff_seen=talk.staff_seen if talk else 0,
        promoter_seen=talk.promoter_seen if talk else 0,
        unread=getattr(talk, f"{side}_unread") if talk else 0,
        buyer_waits_since=talk.buyer_waits_since if talk else None,
        buyer_language=talk.buyer_language if talk else "",
        ends_at=closes_at(order),
    )


def _messages(talk: Talk, before: int | None) -> list[Message]:
    rows = Message.objects.filter(talk=talk)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return list(rows.order_by("-seq")[: PAGE + 1])


def _files(messages: Sequence[Message]) -> dict[UUID, tuple[MessageFile, ...]]:
    """Those that are still there, in their order."""
    ids = [message.id for message in messages if message.files]
    rows = MessageFile.objects.filter(message_id__in=ids).exclude(file="").order_by("position") if ids else ()
    found: dict[UUID, tuple[MessageFile, ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), row)
    return found


def _said(
    message: Message,
    side: Side,
    promoter_id: UUID | None,
    known: Sequence[str],
    files: tuple[MessageFile, ...],
) -> MessageView:
    text = "" if message.forgotten else message.text or ""
    masked = text
    if promoter_id and message.side != Side.PROMOTER:
        masked = hide_private(text, known)
    return MessageView(
        message_id=message.id,
        seq=message.seq,
        side=Side(message.side),
        author_id=message.author_id,
        text=masked if side == Side.PROMOTER else text,
        hidden=masked != text,
        forgotten=message.forgotten,
        at=message.at,
        files=files,
    )


def file_of(order_id: UUID, file_id: UUID) -> MessageFile:
    """A file of the order's conversation with the shop that is still there; raises NotFound.

    Whoever calls has found out that the reader may see that conversation (access).
    """
    rows = MessageFile.objects.filter(pk=file_id, message__talk__order_id=order_id).exclude(file="")
    row = rows.filter(message__talk__promoter_id__isnull=True).first()
    if row is None:
        raise NotFound()
    return row


def _known(order: Order) -> tuple[str, ...]:
    """What the house knows of the buyer that a promoter must not read."""
    found = DeliveryAddress.objects.filter(purchase_id=order.purchase_id, erased_at__isnull=True)
    return tuple(word for row in found for word in (row.recipient, row.phone, row.detail))
