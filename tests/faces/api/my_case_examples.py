"""Good requests about a buyer's after-sale cases: many units arrived, and each has a case of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.api.calling import Form, Town, World
from tests.faces.api.company_examples import ENDED
from tests.support.complaining import takes_back
from tests.trade.reviews.support import a_photo
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import (
    CaseWish,
    agree_to_case,
    open_case,
    receive_return,
    refuse_case,
    send_back,
    ship_replacement,
)
from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import pack_parcel

if TYPE_CHECKING:
    from tests.faces.api.examples import Examples

MANY = 300  # units: each fresh case is about one
STAFF = Actor("staff", uuid7())
Ids = dict[str, str]


def arrived(town: Town, world: World, units: int = MANY) -> UUID:
    """An order of the buyer's, all of which has arrived."""
    bought = world.buy(units)
    town.pay(world, bought["purchase_id"])
    order_id = UUID(bought["order_ids"][0])
    with merchant_scope(world.shop.merchant_id):
        items = {row.id: row.quantity for row in Allocation.objects.filter(line__order_id=order_id)}
        pack_parcel(order_id, items, "shunfeng", f"SF{uuid7().int % 10**10:010d}", actor=SYSTEM)
        Parcel.objects.filter(order_id=order_id).update(state="delivered", delivered_at=clock.now())
    return order_id


def a_case(world: World, kind: str, reason: str = "quality") -> AfterSale:
    """About one unit of that order."""
    with merchant_scope(world.shop.merchant_id):
        order = Order.objects.filter(lines__quantity=MANY).earliest("placed_at")
        line = OrderLine.objects.get(order=order, quantity=MANY)
        wish = CaseWish(order.id, kind, {line.id: 1}, reason, text="有问题")
        return open_case(wish, actor=Actor("person", order.person_id))


def _ids(case: AfterSale) -> Ids:
    return {"case_id": str(case.id)}


def requested(world: World) -> Ids:
    return _ids(a_case(world, "refund_only"))


def agreed(world: World) -> Ids:
    return _ids(a_case(world, "return_refund", "no_reason"))


def refused(world: World) -> Ids:
    case = a_case(world, "refund_only")
    with merchant_scope(world.shop.merchant_id):
        refuse_case(case.id, "as_described", text="出库前有质检", actor=STAFF)
    return _ids(case)


def a_number() -> str:
    return f"SF{uuid7().int % 10**12:012d}"


def _sent(world: World, kind: str = "return_refund") -> AfterSale:
    case = a_case(world, kind)
    takes_back(world.shop)
    with merchant_scope(world.shop.merchant_id):
        agree_to_case(case.id, actor=STAFF)
    with merchant_scope(world.shop.merchant_id):
        return send_back(case.id, "", a_number(), actor=Actor("person", case.person_id))


def returning(world: World) -> Ids:
    return _ids(_sent(world))


def replaced(world: World) -> Ids:
    case = _sent(world, "repair")
    with merchant_scope(world.shop.merchant_id):
        receive_return(case.id, {}, actor=STAFF)
        ship_replacement(case.id, "shunfeng", "SF87654321", actor=STAFF)
    return _ids(case)


def disputed(world: World) -> Ids:
    ids = refused(world)
    with merchant_scope(world.shop.merchant_id):
        case = AfterSale.objects.get(pk=ids["case_id"])
        open_dispute(case.id, "照片为证", side=Side.BUYER, actor=Actor("person", case.person_id))
    return ids


def called(world: World) -> Ids:
    """By the shop."""
    ids = requested(world)
    with merchant_scope(world.shop.merchant_id):
        open_dispute(UUID(ids["case_id"]), "请裁决", side=Side.SELLER, actor=STAFF)
    return ids


def ruled(world: World) -> Ids:
    ids = disputed(world)
    with merchant_scope(world.shop.merchant_id):
        dispute = AfterSale.objects.get(pk=ids["case_id"]).disputes.get()
        state_case(dispute.id, "有质检记录", side=Side.SELLER, actor=STAFF)
        decision = Decision("seller", "goods_used", "商品已使用。")
        rule_dispute(dispute.id, decision, actor=Actor("operator", uuid7()))
    return ids


FRESH: dict[str, Callable[[World], Ids]] = {
    "withdraw_my_case": requested,
    "send_my_case_back": agreed,
    "correct_my_waybill": returning,
    "confirm_my_replacement": replaced,
    "dispute_my_case": refused,
    "state_my_case": disputed,
    "drop_my_dispute": disputed,
    "concede_my_dispute": called,
    "appeal_my_ruling": ruled,
    "accept_my_ruling": ruled,
}
ENDED.update(FRESH)
BODIES: dict[str, Callable[[], Any]] = {
    "say_in_my_case": lambda: Form({"text": "再补充一句"}),
    "dispute_my_case": lambda: Form({"text": "请平台看看"}),
    "state_my_case": lambda: Form({"text": "照片为证"}),
    "appeal_my_ruling": lambda: Form({"text": "我没有用过"}),
    "send_my_case_back": lambda: {"carrier": "shunfeng", "waybill_no": a_number()},
    "correct_my_waybill": lambda: {"carrier": "shunfeng", "waybill_no": a_number()},
}


def my_cases(town: Town, examples: Examples) -> None:
    """One that waits for its answer, with a picture, and one before the platform, with another."""
    world = examples.world
    order_id = arrived(town, world)
    line = world.buyer.get(f"/orders/{order_id}")["lines"][0]["line_id"]
    wish = {"line_id": line, "kind": "refund_only", "units": 1, "reason": "damaged", "text": "盒子压坏了"}
    there = f"/orders/{order_id}/cases"
    case = world.buyer.post(there, Form(wish | {"case_id": str(uuid7()), "files": _photo()}), 201)
    examples.ids |= {"case_id": case["case_id"]}
    before = refused(world)
    stated = world.buyer.post(
        f"/cases/{before['case_id']}/dispute", Form({"text": "请看照片", "files": _photo()}), 201
    )
    file_id = stated["dispute"]["statements"][0]["files"][0]["file_id"]
    examples.special |= {
        "list_my_case_offers": {"order_id": str(order_id)},
        "open_my_case": {"order_id": str(order_id)},
        "download_my_case_file": {"file_id": case["words"][0]["files"][0]["file_id"]},
        "download_my_statement_file": before | {"file_id": file_id},
    }
    examples.bodies["open_my_case"] = Form(wish | {"case_id": str(uuid7())})


def _photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("tea.png", a_photo(), "image/png")
