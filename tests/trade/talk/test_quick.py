"""Quick answers: kept in order, filled with what is known of the order."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.faces.console.support import paid_order
from tests.support.builders import Shop, make_shop
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.operations import pack_parcel
from tongdao.trade.talk.filling import facts_of, filled
from tongdao.trade.talk.operations import (
    QuickDraft,
    add_quick_answer,
    arrange_quick_answers,
    change_quick_answer,
    remove_quick_answer,
)
from tongdao.trade.talk.operations.quick import MOST
from tongdao.trade.talk.queries import quick_answers
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
    ],
)
def test_what_is_none(shop: Shop, title: str, text: str, refusal: type[Exception]) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(refusal):
        add_quick_answer(QuickDraft(title, text), actor=shop.owner)


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
