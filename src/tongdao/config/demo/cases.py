"""After-sale in the demo: one case waits for the shop, one for the buyer, one for the platform."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from tongdao.config.demo.buying import Stage, receive
from tongdao.config.demo.people import demo_person
from tongdao.config.demo.photos import photo
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.rulebook.divisions import VERSION
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind, Side
from tongdao.trade.aftersales.operations import CaseWish, open_case, refuse_case
from tongdao.trade.aftersales.posting import post
from tongdao.trade.disputes.operations import open_dispute, state_case
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.orders.wishing import Address
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused
from tongdao.trade.shipping.operations import set_return_address

log = logging.getLogger(__name__)
SKU = "TX-WL-50"
RETURNS = Address("售后仓", "13800001234", "云栖小镇 1 号仓", "330106", VERSION)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One buyer who asks for something; `picture` is a name in photos.TEAS."""

    sign_in_name: str
    shown_name: str
    kind: AfterSaleKind
    reason: str
    text: str
    picture: str = ""
    refused: str = ""  # the shop's words; then the buyer calls the platform with these
    called: str = ""
    answered: str = ""


COMPLAINTS = (
    Complaint(
        "zhouye@demo.example",
        "周野",
        AfterSaleKind.REFUND_ONLY,
        "quality",
        "打开后有明显潮味，茶叶结块，不敢喝。",
        "dark",
        refused="出库前每批都留样，同批次没有受潮，请提供刚拆封时的照片。",
        called="照片就是拆封当天拍的，罐底还有水汽。商家不愿意退，请平台看一下。",
        answered="我们核对了同批留样与签收时间，包装完好。愿意补寄一罐，但不同意全退。",
    ),
    Complaint("sanyue@demo.example", "三月", AfterSaleKind.RETURN, "no_reason", "买重了，还没有拆封。"),
    Complaint(
        "ahui@demo.example",
        "阿辉",
        AfterSaleKind.EXCHANGE,
        "damaged",
        "罐子摔瘪了，麻烦换一罐。",
        "green",
    ),
)


def fill_cases(stage: Stage, password: str) -> int:
    """Each of COMPLAINTS, where there is no case of a buyer yet; how many."""
    with merchant_scope(stage.merchant_id):
        if AfterSale.objects.filter(kind__in=[one.kind for one in COMPLAINTS]).exists():
            return 0
    take_back(stage)
    try:
        for complaint in COMPLAINTS:
            _complain(stage, complaint, password)
    except (Refusal, GatewayDown, GatewayRefused, httpx.HTTPError) as error:
        log.warning("the demo's after-sale stays as it is: %s", error)
    with merchant_scope(stage.merchant_id):
        return AfterSale.objects.filter(kind__in=[one.kind for one in COMPLAINTS]).count()


def take_back(stage: Stage) -> None:
    """The shop says where goods go back to."""
    with merchant_scope(stage.merchant_id):
        set_return_address(RETURNS, note="请用原来的外箱寄回。", actor=stage.staff)


def _complain(stage: Stage, complaint: Complaint, password: str) -> None:
    person = demo_person(complaint.sign_in_name, complaint.shown_name, password)
    buyer = Actor("person", person.id)
    with merchant_scope(stage.merchant_id):
        sku_id = Sku.objects.filter(code=SKU).values_list("id", flat=True).get()
    line_id = receive(stage, sku_id, buyer)
    with merchant_scope(stage.merchant_id):
        order_id = OrderLine.objects.values_list("order_id", flat=True).get(pk=line_id)

    def ask(kept: Sequence[Kept]) -> AfterSale:
        units = {line_id: 1}
        wish = CaseWish(order_id, complaint.kind, units, complaint.reason, complaint.text, files=tuple(kept))
        return open_case(wish, actor=buyer)

    pictures = [photo(complaint.picture)] if complaint.picture else []
    case = post(stage.merchant_id, ask, pictures)
    if complaint.refused:
        _dispute(stage, case, complaint, buyer)


def _dispute(stage: Stage, case: AfterSale, complaint: Complaint, buyer: Actor) -> None:
    """Both are heard, so that an arbiter can decide."""
    with merchant_scope(stage.merchant_id):
        refuse_case(case.id, "as_described", text=complaint.refused, actor=stage.staff)
    with merchant_scope(stage.merchant_id):
        dispute = open_dispute(case.id, complaint.called, side=Side.BUYER, actor=buyer)
    with merchant_scope(stage.merchant_id):
        state_case(dispute.id, complaint.answered, side=Side.SELLER, actor=stage.staff)
