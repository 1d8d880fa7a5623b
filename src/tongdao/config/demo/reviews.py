"""What the demo's buyers say. They really buy, pay at the sandbox and receive: without it there are none."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from tongdao.config.demo.people import demo_person
from tongdao.config.demo.photos import photo
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.party.merchants.operations import current_account
from tongdao.rulebook import divisions
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.orders.operations import complete_order, place, prepare
from tongdao.trade.orders.wishing import Address, Wanted
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import refresh_purchase, start_payment
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import Said, add_follow_up, answer_review, fold_review, write_review
from tongdao.trade.reviews.pictures import stored_pictures
from tongdao.trade.shipping.operations import pack_parcel

log = logging.getLogger(__name__)
WHERE = Address("林小满", "13800138001", "文三路 90 号 2 单元", "330106", divisions.VERSION)
PATIENCE = 20  # seconds for one answer of the sandbox


@dataclass(frozen=True, slots=True)
class Spoken:
    """One buyer, what was bought, and what came of it. `pictures` are names in photos.TEAS."""

    sign_in_name: str
    shown_name: str
    sku_code: str
    stars: int
    text: str
    pictures: tuple[str, ...] = ()
    answer: str = ""
    follow_up: str = ""
    fold_reason: str = ""


# The last one stands on top: the newest come first.
SPOKEN = (
    Spoken(
        "zhouye@demo.example",
        "周野",
        "TX-WL-50",
        4,
        "香气不错，就是罐口有点紧，第一次开费了点力气。",
        answer="已经转告包装的师傅了。倒置片刻再开会轻松些。",
    ),
    Spoken("qiaoyi@demo.example", "乔一", "TX-WL-50", 5, "回甘明显，办公室同事都来问是什么茶。", ("dark",)),
    Spoken("ahui@demo.example", "阿辉", "TX-WL-50", 2, "口味偏淡，不太合我。发货倒是快。"),
    Spoken(
        "tuiguang@demo.example",
        "小推",
        "TX-WL-50",
        5,
        "各种好茶加我，量大从优，支持一件代发。",
        fold_reason="advertising",
    ),
    Spoken("sanyue@demo.example", "三月", "TX-BZ-Q1", 5, "杯壁薄而不烫手，釉色和图上一样。", ("green",)),
    Spoken(
        "xiaoman@demo.example",
        "林小满",
        "TX-WL-50",
        5,
        "干茶紧结，七泡还有花香。小罐装正好一周喝完。",
        ("oolong", "green"),
        "谢谢您。天热时放冰箱冷藏，香气留得久些。",
        "第二罐了，冷泡也好喝，六小时刚好。",
    ),
)


def fill_reviews(
    merchant_id: UUID, storefront_id: UUID, sandbox: Path, password: str, *, actor: Actor
) -> int:
    """Each of SPOKEN who has not said it yet buys, receives and says it; returns how many did.

    `sandbox` is the payment sandbox's folder. What cannot be bought any more is left out.
    """
    with merchant_scope(merchant_id):
        gateway = current_account().gateway_url if (sandbox / "control.token").exists() else ""
    if not gateway:
        return 0
    said = 0
    try:
        with _control(gateway, sandbox) as client:
            client.get("/info").raise_for_status()
            stage = _Stage(merchant_id, storefront_id, client, actor)
            for spoken in SPOKEN:
                person_id = demo_person(spoken.sign_in_name, spoken.shown_name, password).id
                said += _speak(stage, spoken, Actor("person", person_id))
    except httpx.HTTPError as error:
        log.warning("no reviews in the demo: the payment sandbox does not answer (%s)", error)
    return said


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where it happens: the shop, the sandbox's control, and who serves."""

    merchant_id: UUID
    storefront_id: UUID
    control: httpx.Client
    staff: Actor


def _control(gateway: str, sandbox: Path) -> httpx.Client:
    secret = (sandbox / "control.token").read_text("utf-8")
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.Client(base_url=f"{gateway}/_control", headers=headers, timeout=PATIENCE)


def _speak(stage: _Stage, spoken: Spoken, buyer: Actor) -> bool:
    with merchant_scope(stage.merchant_id):
        done = Review.objects.filter(person_id=buyer.id).exists() if buyer.id else True
        sku_id = Sku.objects.filter(code=spoken.sku_code).values_list("id", flat=True).first()
    if done or sku_id is None:
        return False
    try:
        line_id = _receive(stage, sku_id, buyer)
        _say(stage, line_id, spoken, buyer)
    except (Refusal, GatewayDown, GatewayRefused) as error:
        log.warning("%s says nothing in the demo: %s", spoken.sign_in_name, error)
        return False
    return True


def _receive(stage: _Stage, sku_id: UUID, buyer: Actor) -> UUID:
    """Order, pay, pack, receive; the line. Raises what refuses it, and what the channel's client raises."""
    assert buyer.id
    wish = prepare(
        [Wanted(sku_id, 1)],
        key=f"demo-{token(20)}",
        person_id=buyer.id,
        visitor=None,
        storefront_id=stage.storefront_id,
        address=WHERE,
    )
    placed = place(stage.merchant_id, [wish])[0]
    if isinstance(placed, Refusal):
        raise placed
    _pay(stage, placed.purchase_id, buyer.id)
    order_id = placed.order_ids[0]
    with merchant_scope(stage.merchant_id):
        pack_parcel(order_id, "all", "zhongtong", f"DEMO{token(12)}", actor=stage.staff)
    with merchant_scope(stage.merchant_id):
        complete_order(order_id, actor=buyer)
        lines = OrderLine.objects.filter(order_id=order_id, sku_id=sku_id).order_by("position")
        return lines.values_list("id", flat=True)[0]


def _pay(stage: _Stage, purchase_id: UUID, person_id: UUID) -> None:
    started = start_payment(stage.merchant_id, purchase_id, "native", person_id=person_id)
    with merchant_scope(stage.merchant_id):
        trade_no = PaymentAttempt.objects.get(pk=started.attempt_id).trade_no
    stage.control.post("/pay", json={"out_trade_no": trade_no}).raise_for_status()
    refresh_purchase(stage.merchant_id, purchase_id)


def _say(stage: _Stage, line_id: UUID, spoken: Spoken, buyer: Actor) -> None:
    taken = [photo(tea) for tea in spoken.pictures]
    with stored_pictures(stage.merchant_id, taken) as pictures, merchant_scope(stage.merchant_id):
        said = Said(spoken.text, pictures)
        review = write_review(line_id, stars=spoken.stars, said=said, actor=buyer)
        if spoken.answer:
            answer_review(review.id, spoken.answer, actor=stage.staff)
        if spoken.follow_up:
            add_follow_up(review.id, said=Said(spoken.follow_up), actor=buyer)
        if spoken.fold_reason:
            fold_review(review.id, reason=spoken.fold_reason, actor=stage.staff)
