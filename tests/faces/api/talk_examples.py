"""Good requests about conversations: the buyer wrote to the shop with a picture, and to the promoter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.api.calling import Form, World
from tests.faces.api.company_examples import ENDED
from tests.trade.reviews.support import a_photo
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.trade.orders.models import Order
from tongdao.trade.talk.operations import Said, send_as_buyer

if TYPE_CHECKING:
    from tests.faces.api.examples import Examples

QUICK = {
    "title": "谢谢",
    "text": "订单 {order} 已收到，谢谢。",
    "text_en": "We have your order {order}, thank you.",
}
BODIES: dict[str, Callable[[], Any]] = {
    "write_my_message": lambda: Form({"text": "几时到？", "key": token(16)}),
    "write_message": lambda: Form({"text": "明天到。", "key": token(16)}),
    "answer_my_buyer": lambda: {"text": "我常喝。", "key": token(16)},
}


def a_quick_answer(world: World) -> dict[str, str]:
    made = world.owner.post(f"{world.desk}/quick-answers", QUICK, 201)
    return {"quick_answer_id": made["quick_answer_id"]}


ENDED["delete_quick_answer"] = a_quick_answer


def conversations(examples: Examples) -> None:
    """After the income: the promoter's order is the one that was sold by its link."""
    world = examples.world
    photo = SimpleUploadedFile("tea.png", a_photo(), "image/png")
    there = f"/orders/{examples.ids['order_id']}/talk"
    form = Form({"text": "这是什么？", "key": token(16), "files": photo})
    talk = world.buyer.post(there, form, 201)
    quick = a_quick_answer(world)
    with merchant_scope(world.shop.merchant_id):
        sold = Commission.objects.latest("held_at")
        buyer = Actor("person", Order.objects.values_list("person_id", flat=True).get(pk=sold.order_id))
    with merchant_scope(world.shop.merchant_id):
        said = Said("好喝吗？", token(16))
        send_as_buyer(sold.order_id, said, promoter_id=UUID(str(sold.promoter_id)), actor=buyer)
    examples.ids |= quick | {"file_id": talk["messages"][0]["files"][0]["file_id"]}
    mine = {"order_id": str(sold.order_id)}
    names = ("read_my_buyers_talk", "answer_my_buyer", "mark_my_buyers_talk_seen")
    examples.special |= dict.fromkeys(names, mine)
    examples.bodies |= {
        "create_quick_answer": QUICK,
        "edit_quick_answer": QUICK | {"title": "多谢"},
        "order_quick_answers": {"quick_answer_ids": [quick["quick_answer_id"]]},
        "mark_my_talk_seen": {"place": 1},
        "mark_talk_seen": {"place": 1},
        "mark_my_buyers_talk_seen": {"place": 1},
        "settle_order_talk": {"place": 1},
    }
