"""Quick answers: kept in order, filled with what is known of the order."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import translation

from tests.faces.console.support import paid_order
from tests.support.builders import Shop, make_shop
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.operations import pack_parcel
from tongdao.trade.talk.filling import facts_of, filled, offered
from tongdao.trade.talk.models import QuickAnswer
from tongdao.trade.talk.operations import (
    QuickDraft,
    Said,
    add_quick_answer,
    arrange_quick_answers,
    change_quick_answer,
    remove_quick_answer,
    send_as_buyer,
)
from tongdao.trade.talk.operations.quick import MOST
from tongdao.trade.talk.queries import quick_answers, talk_for_staff
from tongdao.trade.talk.refusals import PlaceholderUnknown, QuickAnswersFull, QuickAnswerWrong


@pytest.fixture
def shop() -> Shop:
    return make_shop((12_800, 5_000))


def test_they_stand_in_the_order_that_staff_give_them(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        one, two, three = (add_quick_answer(QuickDraft(t, t), actor=shop.owner) for t in "甲乙丙")
        arrange_quick_answers([three.id, one.id], actor=shop.owner)
        assert [row.title for row in quick_answers()] == ["丙", "甲", "乙"]
        change_quick_answer(two.id, QuickDraft(" 乙  二 ", "x\r\ny"), actor=shop.owner)
        remove_quick_answer(one.id, actor=shop.owner)
        assert [(row.title, row.text) for row in quick_answers()] == [("丙", "丙"), ("乙 二", "x\ny")]
        for act in (
            lambda: remove_quick_answer(one.id, actor=shop.owner),
            lambda: change_quick_answer(one.id, QuickDraft("a", "b"), actor=shop.owner),
            lambda: arrange_quick_answers([one.id], actor=shop.owner),
        ):
            with pytest.raises(NotFound):
                act()
    with merchant_scope(make_shop().merchant_id):
        assert quick_answers() == []
        with pytest.raises(NotFound):
            change_quick_answer(two.id, QuickDraft("a", "b"), actor=shop.owner)


@pytest.mark.parametrize(
    ("title", "text", "refusal"),
    [
        ("", "x", QuickAnswerWrong),
        ("x", " ", QuickAnswerWrong),
        ("x" * 41, "x", QuickAnswerWrong),
        ("x", "x" * 501, QuickAnswerWrong),
        ("x", "单号 {waybill}", PlaceholderUnknown),
        ("x", ("", "x" * 501), QuickAnswerWrong),
        ("x", ("好", "{waybill}"), PlaceholderUnknown),
    ],
)
def test_what_is_none(shop: Shop, title: str, text: str | tuple[str, str], refusal: type[Exception]) -> None:
    texts = (text,) if isinstance(text, str) else text
    with merchant_scope(shop.merchant_id), pytest.raises(refusal):
        add_quick_answer(QuickDraft(title, *texts), actor=shop.owner)


def test_the_database_keeps_none_without_words(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(IntegrityError, match="quick_answer_says"):
        QuickAnswer.objects.create(title="x", text="", position=1)


def test_each_is_offered_in_the_buyers_language_or_marked(shop: Shop) -> None:
    order_id = paid_order(shop, skus=shop.skus[:1])
    with merchant_scope(shop.merchant_id):
        buyer = Actor("person", Order.objects.get(pk=order_id).person_id)
        both = add_quick_answer(QuickDraft("甲", "运单 {parcel}", "Waybill {parcel}"), actor=shop.owner)
        add_quick_answer(QuickDraft("乙", "", "One moment, please."), actor=shop.owner)
        add_quick_answer(QuickDraft("丙", "请稍等。"), actor=shop.owner)
        assert talk_for_staff(order_id, actor=shop.owner).buyer_language == ""
        with translation.override("en"):
            send_as_buyer(order_id, Said("Where is it?", "k" * 8), actor=buyer)
        with translation.override("zh-hans"):  # the clerk's own changes nothing
            spoken = talk_for_staff(order_id, actor=shop.owner).buyer_language
            found = [(one.words, one.other) for one in offered(quick_answers(), order_id, spoken)]
        assert found == [
            ("Waybill (not shipped yet)", False),
            ("One moment, please.", False),
            ("请稍等。", True),
        ]
        unknown = [(one.words, one.other) for one in offered(quick_answers(), order_id, "")]
        assert unknown == [("运单 （尚未发出）", False), ("One moment, please.", True), ("请稍等。", False)]
        change_quick_answer(both.id, QuickDraft("甲", "", "Waybill {parcel}"), actor=shop.owner)
        assert [row.text for row in quick_answers()] == ["", "", "请稍等。"]


def test_there_are_only_so_many(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        for place in range(MOST):
            add_quick_answer(QuickDraft(str(place), "x"), actor=shop.owner)
        with pytest.raises(QuickAnswersFull):
            add_quick_answer(QuickDraft("x", "x"), actor=shop.owner)


def test_placeholders_become_the_orders_own(shop: Shop) -> None:
    order_id = paid_order(shop, skus=shop.skus)
    text = "{order} / {product} / {parcel} / {其他}"
    with merchant_scope(shop.merchant_id), translation.override("zh-hans"):
        number = Order.objects.get(pk=order_id).number
        assert filled(text, facts_of(order_id)) == f"{number} / 云雾茶 1 等 / （尚未发出） / {{其他}}"
        pack_parcel(order_id, "all", "shunfeng", "SF1234567890", actor=shop.owner)
        assert "SF1234567890" in filled("{parcel}", facts_of(order_id))
    with merchant_scope(make_shop().merchant_id), pytest.raises(NotFound):
        facts_of(order_id)


def test_a_title_that_looks_like_a_placeholder_is_none() -> None:
    facts = {"{order}": "1", "{product}": "{order}{parcel}", "{parcel}": "p"}
    assert filled("{product}", facts) == "{order}{parcel}"
