"""Conversations in the demo: answered ones, one with a promoter, and one in which a buyer still waits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import translation

from tongdao.config.demo.people import PROMOTERS, STAFF
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.people.operations import find_person
from tongdao.trade.orders.models import Order
from tongdao.trade.talk.access import promoters_of
from tongdao.trade.talk.filling import offered
from tongdao.trade.talk.models import Side, Talk
from tongdao.trade.talk.operations import (
    QuickDraft,
    Said,
    add_quick_answer,
    send_as_buyer,
    send_as_promoter,
    send_as_staff,
)
from tongdao.trade.talk.queries import quick_answers

log = logging.getLogger(__name__)
SENT = "已发出"
ANSWERS = (
    QuickDraft(
        SENT,
        "您好，订单 {order} 已经发出：{parcel}。一般两到四天到，签收前请先看外箱是否完好。",
        "Hello, order {order} is on its way: {parcel}. It takes two to four days. Please look at the box"
        " before you sign for it.",
    ),
    QuickDraft(
        "何时发货",
        "您好，{product} 现货，48 小时内发出，发出后这里会看到运单号。",
        "Hello, {product} is in stock and leaves within 48 hours. You will see the waybill here.",
    ),
    QuickDraft(
        "怎么退",
        "您好，请在订单里点开这件商品，选「申请售后」；同意后会看到退货地址。",
        "Hello, please open the item in your order and choose after-sale. Once we agree you see where to"
        " send it.",
    ),
    QuickDraft("请稍等", "正在为您查，请稍等。"),
)


@dataclass(frozen=True, slots=True)
class Chat:
    """What was said about the latest order of a buyer, by side. A quick answer is named by its title."""

    sign_in_name: str
    said: tuple[tuple[Side, str], ...]
    promoter: bool = False
    quick: dict[int, str] = field(default_factory=dict)  # by place in `said`, from 0
    language: str = "zh-hans"


CHATS = (
    Chat(
        "sanyue@demo.example",
        (
            (Side.BUYER, "您好，东西收到了，不过我买重了，没拆封，可以退吗？"),
            (Side.STAFF, ""),
            (Side.BUYER, "好的，申请已经提交。运费是我出吗？"),
            (Side.STAFF, "是的，无理由退货的运费由您承担，建议用您顺手的快递，单号填在售后单里就行。"),
            (Side.BUYER, "明白，周末寄。"),
            (Side.STAFF, "好，收到后我们当天验货、当天退款。"),
        ),
        quick={1: "怎么退"},
    ),
    Chat(
        "ahui@demo.example",
        (
            (Side.BUYER, "Hi, is the parcel on its way? I could not find the waybill."),
            (Side.STAFF, ""),
            (Side.BUYER, "Got it, thank you. One tin is dented though, I asked for an exchange."),
            (Side.STAFF, "Sorry about that! We have seen your pictures and answer in the case today."),
        ),
        quick={1: SENT},
        language="en",
    ),
    Chat(
        "yuhe@demo.example",
        (
            (Side.BUYER, "看了您的分享买的。送长辈的话，这款是不是比乌龙更合适？"),
            (Side.PROMOTER, "是的，白茶饼汤色浅、味道柔，我自己也给父母泡。先用 90 度水，别闷太久。"),
            (Side.BUYER, "好的，谢谢！有事打我电话 13800138001。"),
        ),
        promoter=True,
    ),
    Chat(
        "yuhe@demo.example",
        (
            (Side.BUYER, "在吗？这单今天能发出吗？周五之前要送人。"),
            (Side.BUYER, "另外可以附一张手写卡片吗？写「平安喜乐」就好。"),
        ),
    ),
)


def fill_talks(merchant_id: UUID) -> int:
    """Each of CHATS whose buyer has ordered, where nobody has talked yet; how many were begun."""
    with merchant_scope(merchant_id):
        if Talk.objects.exists():
            return 0
        clerk = find_person(STAFF[Role.SERVICE][0])
        assert clerk
        staff = Actor("staff", clerk.id)
        if not quick_answers():
            for draft in ANSWERS:
                add_quick_answer(draft, actor=staff)
    try:
        return sum(_chat(merchant_id, chat, staff) for chat in CHATS)
    except Refusal as error:
        log.warning("the demo's conversations stay as they are: %s", error)
        return 0


def _chat(merchant_id: UUID, chat: Chat, staff: Actor) -> bool:
    person = find_person(chat.sign_in_name)
    with merchant_scope(merchant_id):
        orders = Order.objects.filter(person_id=person.id).order_by("-placed_at") if person else None
        order_id = orders.values_list("id", flat=True).first() if orders else None
        if person is None or order_id is None:
            return False
        promoter_id = next(iter(promoters_of(order_id)), None) if chat.promoter else None
    if chat.promoter and promoter_id is None:
        return False
    for side, said in _said(merchant_id, chat, order_id):
        with merchant_scope(merchant_id), translation.override(chat.language):
            if side == Side.BUYER:
                send_as_buyer(order_id, said, promoter_id=promoter_id, actor=Actor("person", person.id))
            elif side == Side.PROMOTER:
                send_as_promoter(order_id, said, actor=_promoter())
            else:
                send_as_staff(order_id, said, promoter_id=promoter_id, actor=staff)
    return True


def _said(merchant_id: UUID, chat: Chat, order_id: UUID) -> Iterator[tuple[Side, Said]]:
    with merchant_scope(merchant_id):
        ready = {one.row.title: one.words for one in offered(quick_answers(), order_id, chat.language)}
    for place, (side, text) in enumerate(chat.said):
        yield side, Said(ready[chat.quick[place]] if place in chat.quick else text, f"demo-{place:04}")


def _promoter() -> Actor:
    """Whose link the demo's buyers came by."""
    person = find_person(PROMOTERS[0][0])
    assert person
    return Actor("person", person.id)
