"""What the demo's buyers say. They really buy, pay at the sandbox and receive: without it there are none."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from tongdao.config.demo.buying import Stage, receive
from tongdao.config.demo.people import demo_person
from tongdao.config.demo.photos import photo
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import Said, add_follow_up, answer_review, fold_review, write_review
from tongdao.trade.reviews.pictures import stored_pictures

log = logging.getLogger(__name__)


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


def fill_reviews(stage: Stage, password: str) -> int:
    """Each of SPOKEN who has not said it yet buys, receives and says it; returns how many did.

    What cannot be bought any more is left out.
    """
    said = 0
    for spoken in SPOKEN:
        person_id = demo_person(spoken.sign_in_name, spoken.shown_name, password).id
        said += _speak(stage, spoken, Actor("person", person_id))
    return said


def _speak(stage: Stage, spoken: Spoken, buyer: Actor) -> bool:
    with merchant_scope(stage.merchant_id):
        done = Review.objects.filter(person_id=buyer.id).exists() if buyer.id else True
        sku_id = Sku.objects.filter(code=spoken.sku_code).values_list("id", flat=True).first()
    if done or sku_id is None:
        return False
    try:
        line_id = receive(stage, sku_id, buyer)
        _say(stage, line_id, spoken, buyer)
    except (Refusal, GatewayDown, GatewayRefused) as error:
        log.warning("%s says nothing in the demo: %s", spoken.sign_in_name, error)
        return False
    return True


def _say(stage: Stage, line_id: UUID, spoken: Spoken, buyer: Actor) -> None:
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
