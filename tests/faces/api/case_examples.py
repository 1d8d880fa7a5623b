"""Good requests about after-sale cases: for each step a case that has come just so far."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.faces.api.calling import Form, World
from tests.faces.api.company_examples import ENDED
from tests.faces.console.support import paid_order
from tests.support.complaining import arrived_line
from tests.trade.reviews.support import a_photo, buyer_of_order
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, AfterSaleFile, Side
from tongdao.trade.aftersales.operations import (
    CaseWish,
    agree_to_case,
    open_case,
    receive_return,
    refuse_case,
    send_back,
)
from tongdao.trade.aftersales.posting import post
from tongdao.trade.disputes.models import Dispute, StatementFile
from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case

if TYPE_CHECKING:
    from tests.faces.api.examples import Examples

ASKED = 100  # fen: what the price of the goods has no part in
STATED = Form({"text": "请看照片"})


def asked(world: World, kind: str = "refund_only", *, shown: bool = False) -> tuple[UUID, Actor]:
    """A case that waits for its answer, and its buyer."""
    order_id = paid_order(world.shop)
    buyer, line_id = buyer_of_order(world.shop, order_id), arrived_line(world.shop, order_id)
    reason, fen = ("agreed", ASKED) if kind == "refund_only" else ("quality", None)

    def ask(kept: Sequence[Kept]) -> AfterSale:
        wish = CaseWish(order_id, kind, {line_id: 1}, reason, text="受潮", asked_fen=fen, files=kept)
        return open_case(wish, actor=buyer)

    files = [io.BytesIO(a_photo())] if shown else []
    return post(world.shop.merchant_id, ask, files).id, buyer


def _requested(kind: str) -> Callable[[World], dict[str, str]]:
    return lambda world: {"case_id": str(asked(world, kind)[0])}


def _returning(world: World) -> tuple[UUID, Actor]:
    case_id, buyer = asked(world, "exchange")
    with merchant_scope(world.shop.merchant_id):
        agree_to_case(case_id, actor=world.shop.owner)
    with merchant_scope(world.shop.merchant_id):
        send_back(case_id, "yunda", f"YD{uuid7().int % 10**12:012d}", actor=buyer)
    return case_id, buyer


def _sent_back(world: World) -> dict[str, str]:
    return {"case_id": str(_returning(world)[0])}


def _received(world: World) -> dict[str, str]:
    case_id, _ = _returning(world)
    with merchant_scope(world.shop.merchant_id):
        receive_return(case_id, {}, actor=world.shop.owner)
    return {"case_id": str(case_id)}


def _called(world: World) -> dict[str, str]:
    """By the shop."""
    case_id, _ = asked(world)
    with merchant_scope(world.shop.merchant_id):
        open_dispute(case_id, "请裁决", side=Side.SELLER, actor=world.shop.owner)
    return {"case_id": str(case_id)}


def disputed(world: World) -> tuple[UUID, UUID]:
    """By the buyer, with a picture: the case and its dispute."""
    case_id, buyer = asked(world, shown=True)
    with merchant_scope(world.shop.merchant_id):
        refuse_case(case_id, "as_described", text="完好", actor=world.shop.owner)

    def call(kept: Sequence[Kept]) -> Dispute:
        return open_dispute(case_id, "请裁决", kept, side=Side.BUYER, actor=buyer)

    files = [io.BytesIO(a_photo())]
    return case_id, post(world.shop.merchant_id, call, files, keeps=StatementFile).id


def _stated(world: World) -> dict[str, str]:
    return {"case_id": str(disputed(world)[0])}


def _ruled(world: World) -> dict[str, str]:
    """Against the shop."""
    case_id, dispute_id = disputed(world)
    with merchant_scope(world.shop.merchant_id):
        state_case(dispute_id, "完好", side=Side.SELLER, actor=world.shop.owner)
    with merchant_scope(world.shop.merchant_id):
        decision = Decision("buyer", "quality", "照片可信")
        rule_dispute(dispute_id, decision, actor=Actor("operator", uuid7()))
    return {"case_id": str(case_id)}


ENDED |= {
    "agree_to_buyers_case": _requested("return_refund"),
    "grant_buyers_case": _requested("refund_only"),
    "refuse_buyers_case": _requested("refund_only"),
    "receive_case_goods": _sent_back,
    "send_case_replacement": _received,
    "say_on_case": _requested("refund_only"),
    "call_platform_on_case": _requested("refund_only"),
    "state_case_to_platform": _stated,
    "concede_case_dispute": _called,
    "drop_case_dispute": _called,
    "accept_case_ruling": _ruled,
    "appeal_case_ruling": _ruled,
}
BODIES: dict[str, Any] = {
    "agree_to_buyers_case": {"text": "请寄回"},
    "grant_buyers_case": {"expected_fen": ASKED},
    "concede_case_dispute": {"expected_fen": ASKED},
    "refuse_buyers_case": Form({"reason": "used", "text": "用过了"}),
    "receive_case_goods": {"lines": []},
    "send_case_replacement": {"carrier": "yunda", "waybill_no": "YD87654321"},
    "say_on_case": Form({"text": "我们在看"}),
    "call_platform_on_case": STATED,
    "state_case_to_platform": STATED,
    "appeal_case_ruling": STATED,
}


def complaints(examples: Examples) -> None:
    """After the promoters: what is bought here was recommended by nobody."""
    world = examples.world
    case_id, dispute_id = disputed(world)
    with merchant_scope(world.shop.merchant_id):
        shown = AfterSaleFile.objects.get(word__aftersale_id=case_id).id
        stated = StatementFile.objects.get(statement__dispute_id=dispute_id).id
    own = {"case_id": str(case_id)}
    examples.ids.setdefault("case_id", str(case_id))  # the buyer's own, where there is one
    examples.special["download_case_file"] = own | {"file_id": str(shown)}
    examples.special["download_dispute_file"] = own | {"file_id": str(stated)}
    examples.bodies |= BODIES
