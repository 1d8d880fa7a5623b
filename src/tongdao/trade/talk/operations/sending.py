"""Saying something. The order's lock makes the messages of its conversations one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.events import record
from tongdao.foundation.idempotency import check_key
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.trade.orders.models import Order
from tongdao.trade.talk.access import (
    ENDS,
    check_promoter,
    closes_at,
    order_of_buyer,
    order_of_promoter,
    order_of_staff,
)
from tongdao.trade.talk.events import MessageSent
from tongdao.trade.talk.models import MOST_LETTERS, Message, MessageFile, Side, SideWord, Talk
from tongdao.trade.talk.refusals import (
    FilesNotHere,
    MessageChanged,
    MessageEmpty,
    MessageTooLong,
    TalkClosed,
    TalkNotBegun,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sending. `key` is the sender's own for it, 8 to 64 characters: again with it says nothing twice.

    `files` are kept on disk already (posting): words, files, or both.
    """

    text: str
    key: str
    files: Sequence[Kept] = ()


class SaidAlready(Exception):
    """This was sent before, with its own files: those that came now belong to nothing."""

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message


@dataclass(frozen=True, slots=True)
class _Place:
    """Which conversation, and who speaks in it."""

    order: Order
    promoter_id: UUID | None
    side: Side
    actor: Actor


def send_as_buyer(order_id: UUID, said: Said, *, promoter_id: UUID | None = None, actor: Actor) -> Message:
    """To the shop, or to a promoter of record of the actor's own order; the first one opens the conversation.

    Raises NotFound, MessageEmpty, MessageTooLong, MessageChanged, FilesNotHere, BadRequestKey or TalkClosed;
    SaidAlready where it was sent before and files came again.
    """
    order = order_of_buyer(order_id, actor)
    check_promoter(order_id, promoter_id)
    return _send(_Place(order, promoter_id, Side.BUYER, actor), said)


def send_as_staff(order_id: UUID, said: Said, *, promoter_id: UUID | None = None, actor: Actor) -> Message:
    """To the buyer; in the conversation with a promoter too, once the buyer has begun it.

    Raises what `send_as_buyer` raises, NotAllowed or TalkNotBegun.
    """
    order = order_of_staff(order_id, actor)
    check_promoter(order_id, promoter_id)
    return _send(_Place(order, promoter_id, Side.STAFF, actor), said)


def send_as_promoter(order_id: UUID, said: Said, *, actor: Actor) -> Message:
    """To the buyer of an order that pays the actor, once the buyer has begun it. Raises as above."""
    order, promoter_id = order_of_promoter(order_id, actor)
    return _send(_Place(order, promoter_id, Side.PROMOTER, actor), said)


def _send(place: _Place, said: Said) -> Message:
    text, key = _checked(place, said), check_key(said.key)
    order = _locked(place.order.id)
    talk = Talk.objects.filter(order=order, promoter_id=place.promoter_id).first()
    sent = Message.objects.filter(talk=talk, side=place.side, key=key).first() if talk else None
    if sent is not None:
        return _again(sent, place, text, said)
    _check_open(order)
    return _write(talk or _open(order, place), place, text, said)


def _again(sent: Message, place: _Place, text: str, said: Said) -> Message:
    same = (sent.text or "", sent.author_id, sent.files) == (text, place.actor.id, len(said.files))
    if not same:
        raise MessageChanged()
    if said.files:
        raise SaidAlready(sent)
    return sent


def _write(talk: Talk, place: _Place, text: str, said: Said) -> Message:
    now, seq = clock.now(), talk.last_seq + 1
    assert place.actor.id is not None
    message = Message.objects.create(
        talk=talk,
        seq=seq,
        side=place.side,
        author_id=place.actor.id,
        key=said.key,
        text=text or None,
        files=len(said.files),
        at=now,
    )
    MessageFile.objects.bulk_create(
        MessageFile(message=message, **kept.columns(position)) for position, kept in enumerate(said.files, 1)
    )
    _count(talk, place, seq, now, message)
    return message


def _count(talk: Talk, place: _Place, seq: int, now: datetime, message: Message) -> None:
    """The conversation as it is with the message, and the event."""
    waited = talk.buyer_waits_since if place.side != Side.BUYER else None
    talk.last_seq, talk.last_at = seq, now
    talk.buyer_waits_since = (talk.buyer_waits_since or now) if place.side == Side.BUYER else None
    if place.side == Side.BUYER:
        talk.buyer_language = get_language() or ""
    for side in Side:
        if side != place.side and (side != Side.PROMOTER or talk.promoter_id):
            setattr(talk, f"{side}_unread", getattr(talk, f"{side}_unread") + 1)
    talk.save()
    payload = MessageSent(
        order_id=talk.order_id,
        message_id=message.id,
        thread=talk.thread,
        side=cast("SideWord", place.side.value),
        place=seq,
        files=message.files,
        answers_since=waited,
    )
    record(payload, subject=talk, actor=place.actor)


def _checked(place: _Place, said: Said) -> str:
    text = said.text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text and not said.files:
        raise MessageEmpty()
    if said.files and place.promoter_id is not None:
        raise FilesNotHere()
    if len(text) > MOST_LETTERS:
        raise MessageTooLong(most=MOST_LETTERS)
    return text


def _locked(order_id: UUID) -> Order:
    if not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    return Order.objects.only("id", "merchant_id", *ENDS).get(pk=order_id)


def _check_open(order: Order) -> None:
    end = closes_at(order)
    if end is not None and clock.now() >= end:
        raise TalkClosed(day=f"{timezone.localtime(end):%Y-%m-%d}")


def _open(order: Order, place: _Place) -> Talk:
    if place.promoter_id is not None and place.side != Side.BUYER:
        raise TalkNotBegun()
    now = clock.now()
    return Talk.objects.create(order=order, promoter_id=place.promoter_id, opened_at=now, last_at=now)
