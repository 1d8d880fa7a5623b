"""What the viewer of the filled world complained of: a case in each state that looks otherwise, and talks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tongdao.config.demo.buying import Stage
    from tongdao.foundation.actors import Actor

MOST_PICTURES = 9
TOLD = (
    "外箱四角都有压痕，内罐的密封条开了一半，茶叶散在箱底，已经不能入口。拍了签收时、拆箱时、称重时的照片；"
    "快递员在场，也确认了箱子到手就是湿的。请尽快处理，这是送人的。"
)
Step = Callable[["Stage", "Actor", UUID], None]


def fill_states(stage: Stage, buyer: Actor, operator_id: UUID) -> None:
    """One order for each of STEPS, all of them asked for alike and then taken as far as the step says."""
    from tongdao.config.demo.cases import take_back
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.goods.catalog.models import Sku

    take_back(stage)
    with merchant_scope(stage.merchant_id):
        sku_id = Sku.objects.filter(code="TX-WL-50").values_list("id", flat=True).get()
    for kind, reason, steps in WALKS:
        case_id = _asked(stage, buyer, sku_id, kind, reason)
        for step in steps:
            with merchant_scope(stage.merchant_id):
                step(stage, buyer, case_id)
    for outcome in ("", "seller"):
        case_id = _asked(stage, buyer, sku_id, "refund_only", "quality")
        _before_the_platform(stage, buyer, case_id, operator_id, outcome)


def _asked(stage: Stage, buyer: Actor, sku_id: UUID, kind: str, reason: str) -> UUID:
    from tongdao.config.demo.buying import receive
    from tongdao.config.demo.photos import TEAS, photo
    from tongdao.foundation.attachments import Kept
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.trade.aftersales.models import AfterSale
    from tongdao.trade.aftersales.operations import CaseWish, open_case
    from tongdao.trade.aftersales.posting import post
    from tongdao.trade.orders.models import OrderLine

    line_id = receive(stage, sku_id, buyer)
    with merchant_scope(stage.merchant_id):
        order_id = OrderLine.objects.values_list("order_id", flat=True).get(pk=line_id)

    def ask(kept: Sequence[Kept]) -> AfterSale:
        return open_case(CaseWish(order_id, kind, {line_id: 1}, reason, TOLD, files=tuple(kept)), actor=buyer)

    teas = (list(TEAS) * MOST_PICTURES)[: MOST_PICTURES if kind == "refund_only" else 1]
    return post(stage.merchant_id, ask, [photo(tea) for tea in teas]).id


def _agree(stage: Stage, buyer: Actor, case_id: UUID) -> None:
    from tongdao.trade.aftersales.operations import agree_to_case

    agree_to_case(case_id, actor=stage.staff, text="可以退，请保留好内包装。")


def _send(stage: Stage, buyer: Actor, case_id: UUID) -> None:
    from tongdao.trade.aftersales.operations import send_back

    send_back(case_id, "shunfeng", "SF1029384756", actor=buyer)


def _receive(stage: Stage, buyer: Actor, case_id: UUID) -> None:
    from tongdao.trade.aftersales.operations import receive_return

    receive_return(case_id, {}, actor=stage.staff)


def _replace(stage: Stage, buyer: Actor, case_id: UUID) -> None:
    from tongdao.trade.aftersales.operations import ship_replacement

    ship_replacement(case_id, "zhongtong", "ZT5647382910", actor=stage.staff)


def _refuse(stage: Stage, buyer: Actor, case_id: UUID) -> None:
    from tongdao.trade.aftersales.operations import refuse_case

    refuse_case(case_id, "as_described", text="留样与描述一致，出库前称过重。", actor=stage.staff)


def _grant(stage: Stage, buyer: Actor, case_id: UUID) -> None:
    from tongdao.trade.aftersales.operations import grant_case

    grant_case(case_id, actor=stage.staff, text="抱歉让您等了，款项原路退回。")


def _before_the_platform(stage: Stage, buyer: Actor, case_id: UUID, operator_id: UUID, outcome: str) -> None:
    """Refused, called and answered; with an outcome it is ruled and may be appealed against."""
    from tongdao.foundation.actors import Actor
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.trade.aftersales.models import Side
    from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case

    with merchant_scope(stage.merchant_id):
        _refuse(stage, buyer, case_id)
        dispute = open_dispute(case_id, "照片就是拆封当天拍的。", side=Side.BUYER, actor=buyer)
        state_case(dispute.id, "同批留样没有受潮。", side=Side.SELLER, actor=stage.staff)
    if outcome:
        with merchant_scope(stage.merchant_id):
            decision = Decision(outcome, "evidence", "买家的照片看不出拍摄时间，留样记录完整。")
            rule_dispute(dispute.id, decision, actor=Actor("operator", operator_id))


WALKS: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("refund_only", "quality", ()),
    ("return_refund", "damaged", (_agree,)),
    ("return_refund", "quality", (_agree, _send)),
    ("return_refund", "quality", (_agree, _send, _receive)),
    ("exchange", "damaged", (_agree, _send, _receive, _replace)),
    ("refund_only", "damaged", (_refuse,)),
    ("refund_only", "missing", (_grant,)),
)
