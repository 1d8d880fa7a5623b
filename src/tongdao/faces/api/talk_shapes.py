"""A conversation as programs read it: sides, numbers and times, no words of ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from ninja import Field, File, Schema, UploadedFile

from tongdao.faces.api.shapes import Input, Text
from tongdao.trade.talk.models import MOST_LETTERS, MOST_QUICK_LETTERS, MessageFile, QuickAnswer, SideWord
from tongdao.trade.talk.queries import MessageView, TalkView, Writable

Key = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{8,64}$",
        description="Your own for this message: again with it and the same text says nothing twice",
    ),
]
Files = Annotated[
    list[UploadedFile],
    File(description="At most 9: pictures of at most 10 MB, MP4, MOV or WebM videos of at most 50 MB"),
]


class MessageFileOut(Schema):
    """Fetch it with the same token."""

    file_id: UUID
    type: str
    width: int = Field(description="Pixels; 0 for a video")
    height: int
    bytes: int


class MessageOut(Schema):
    message_id: UUID
    place: int = Field(description="From 1, without a gap")
    side: SideWord
    text: str
    hidden: bool = Field(description="The promoter does not read all of its words")
    forgotten: bool = Field(description="Its words were erased")
    at: datetime
    files: list[MessageFileOut]


class TalkOut(Schema):
    """One conversation of an order as the caller sees it: the latest 50 messages, the oldest first."""

    order_id: UUID
    promoter_id: UUID | None = Field(description="null: with the shop")
    messages: list[MessageOut]
    earlier: int | None = Field(description="The `before` of the part before these; null at the beginning")
    last_place: int
    seen: dict[SideWord, int] = Field(description="Up to which place each side has read")
    unread: int
    buyer_waits_since: datetime | None = Field(description="The first message that nobody has answered")
    ends_at: datetime | None = Field(description="Nobody writes from then on; null while the order goes on")


class WritableOut(Schema):
    """A promoter of record whom the buyer can write to."""

    promoter_id: UUID
    shown_name: str
    begun: bool
    unread: int


class MyTalkOut(TalkOut):
    promoters: list[WritableOut]


class MessageIn(Input):
    """Words, files, or both."""

    text: Text = Field("", max_length=MOST_LETTERS)
    key: Key
    promoter_id: UUID | None = Field(None, description="In the conversation with this promoter; no files")


class PromoterMessageIn(Input):
    text: Text = Field(min_length=1, max_length=MOST_LETTERS)
    key: Key


class SeenIn(Input):
    place: int = Field(ge=0, le=2**31 - 1, description="Of the last message that was shown")
    promoter_id: UUID | None = None


class TalkCardOut(Schema):
    """A conversation in the list."""

    order_id: UUID
    number: str
    product: str
    promoter_id: UUID | None
    buyer_waits_since: datetime | None
    last_at: datetime
    unread: int


class QuickAnswerOut(Schema):
    quick_answer_id: UUID
    title: str
    text: str = Field(description="In Chinese; {order}, {product} and {parcel} stand for the order's own")
    text_en: str = Field(description="The same in English; one of the two may be empty")


class QuickAnswerIn(Input):
    title: Text = Field(min_length=1, max_length=40)
    text: Text = Field("", max_length=MOST_QUICK_LETTERS, description="In Chinese")
    text_en: Text = Field("", max_length=MOST_QUICK_LETTERS, description="In English; one of the two")


class QuickOrderIn(Input):
    quick_answer_ids: list[UUID] = Field(max_length=100)


def talk_out(view: TalkView) -> TalkOut:
    return TalkOut(
        order_id=view.order_id,
        promoter_id=view.promoter_id,
        messages=[_message(message) for message in view.messages],
        earlier=view.earlier,
        last_place=view.last_seq,
        seen={"buyer": view.buyer_seen, "staff": view.staff_seen, "promoter": view.promoter_seen},
        unread=view.unread,
        buyer_waits_since=view.buyer_waits_since,
        ends_at=view.ends_at,
    )


def my_talk_out(view: TalkView, others: Sequence[Writable]) -> MyTalkOut:
    promoters = [
        WritableOut(
            promoter_id=one.promoter_id, shown_name=one.shown_name, begun=one.begun, unread=one.unread
        )
        for one in others
    ]
    return MyTalkOut(**talk_out(view).model_dump(), promoters=promoters)


def quick_out(row: QuickAnswer) -> QuickAnswerOut:
    return QuickAnswerOut(quick_answer_id=row.id, title=row.title, text=row.text, text_en=row.text_en)


def _message(message: MessageView) -> MessageOut:
    return MessageOut(
        message_id=message.message_id,
        place=message.seq,
        side=cast("SideWord", message.side.value),
        text=message.text,
        hidden=message.hidden,
        forgotten=message.forgotten,
        at=message.at,
        files=[_file(row) for row in message.files],
    )


def _file(row: MessageFile) -> MessageFileOut:
    return MessageFileOut(file_id=row.id, type=row.type, width=row.width, height=row.height, bytes=row.bytes)
