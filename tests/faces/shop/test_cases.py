"""Asking after the sale on the phone, without scripts: what is offered, what it comes to, how it goes on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.shop.browsing import Browser, Page
from tests.faces.shop.test_reviews import signed_in
from tests.support.complaining import STAFF, Sale, disputed, sold
from tests.trade.reviews.support import a_photo
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.trade.aftersales.models import AfterSale, AfterSaleFile, AfterSaleWord, Side
from tongdao.trade.aftersales.operations import (
    agree_to_case,
    grant_case,
    receive_return,
    refuse_case,
    send_back,
    ship_replacement,
)
from tongdao.trade.disputes.models import Dispute, Statement
from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case

FOR_SELLER = Decision("seller", "goods_used", "商品已使用，支持商家。")
ACT_PATHS = (
    "withdraw",
    "send-back",
    "confirm",
    "say",
    "escalate",
    "statement",
    "appeal",
    "accept",
    "drop",
    "concede",
)


def shop_path(sale: Sale, rest: str) -> str:
    return f"/s/{sale.earner.shop.slug}/{rest}"


def line_path(sale: Sale, query: str = "") -> str:
    return shop_path(sale, f"lines/{sale.line.id}/after-sale{query}")


def case_path(sale: Sale, case: AfterSale, rest: str = "") -> str:
    return shop_path(sale, f"cases/{case.id}{rest}")


def cases_of(sale: Sale) -> list[AfterSale]:
    with merchant_scope(sale.earner.shop.merchant_id):
        return list(AfterSale.objects.order_by("opened_at"))


def the_sending(browser: Browser, sale: Sale, query: str) -> Page:
    page = browser.get(line_path(sale, query))
    assert page.status == 200, page.html
    return page


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("1.jpg", a_photo(), "image/jpeg")


def test_the_order_leads_to_what_is_offered_and_shows_the_cases() -> None:
    sale = sold(3)
    browser = signed_in(sale.buyer)
    order = shop_path(sale, f"orders/{sale.order_id}")
    assert line_path(sale) in browser.get(order).html
    page = browser.get(line_path(sale))
    for name in ("Money back only", "Return and money back", "Exchange", "Repair", "Price adjustment"):
        assert name in page.html
    assert "Cancelled before shipping" not in page.html
    assert "Promised when you bought it" in page.html and "without a reason" in page.html
    case = sale.ask("return_refund", "no_reason", 3)
    page = browser.get(order)
    assert case_path(sale, case) in page.html and line_path(sale) not in page.html
    assert "Agreed: send the goods back" in page.html and "data-countdown" in page.html
    assert "Nothing can be asked for here now" in browser.get(line_path(sale)).html
    assert re.search(
        rf'href="{shop_path(sale, "cases")}".*?tag-waiting">1<', browser.get(shop_path(sale, "me")).html, re.S
    )
    page = browser.get(shop_path(sale, "cases"))
    assert case_path(sale, case) in page.html and "You send the goods back" in page.html


def test_nothing_yet() -> None:
    sale = sold(1)
    assert "No after-sale here" in signed_in(sale.buyer).get(shop_path(sale, "cases")).html
    assert "No after-sale here" in Browser().get(shop_path(sale, "cases")).html


def test_step_by_step_without_scripts() -> None:
    """Kind, then how many and why, then the money in numbers, words and the button."""
    sale = sold(3)
    browser = signed_in(sale.buyer)
    page = browser.get(line_path(sale, "?kind=return_refund"))
    form = page.form("/after-sale")
    assert form.values["kind"] == ["return_refund"] and form.values["quantity"] == ["1"]
    page = browser.get(line_path(sale, "?kind=return_refund&quantity=2&reason=quality"))
    worth = sale.line.paid_fen * 2 // 3
    assert f"Ask for ¥{worth / 100:.2f} back" in page.html
    assert "The shop bears what sending it back costs" in page.html
    page = browser.send(page.form("/after-sale"), text="盒子压坏了")
    assert page.path.split("/")[-2] == "cases"
    assert "Waiting for the shop" in page.html and "盒子压坏了" in page.html
    [case] = cases_of(sale)
    assert (case.kind, case.reason, str(case.state)) == ("return_refund", "quality", "requested")


def test_what_is_wrong_is_told_beside_the_form() -> None:
    sale = sold(2)
    browser = signed_in(sale.buyer)
    for query, told in (
        ("?kind=refund_only&quantity=3&reason=quality", "Choose how many units"),
        ("?kind=refund_only&quantity=0&reason=quality", "Choose how many units"),
        ("?kind=refund_only&quantity=x&reason=quality", "Choose how many units"),
        ("?kind=refund_only&quantity=1&reason=no_reason", "Choose one of the reasons"),
        ("?kind=refund_only&quantity=1&reason=quality&amount=99999", "Give an amount between"),
        ("?kind=refund_only&quantity=1&reason=quality&amount=abc", "Give an amount between"),
        ("?kind=price_adjustment&quantity=1&reason=price_fell", "Give an amount between"),
        ("?kind=exchange&quantity=1&reason=other_option", "Choose another option"),
    ):
        page = browser.get(line_path(sale, query))
        assert page.status == 422 and told in page.html, query
    assert "Return and money back" in browser.get(line_path(sale, "?kind=nonsense")).html
    assert cases_of(sale) == []


def test_words_that_are_refused_are_kept() -> None:
    sale = sold(2)
    browser = signed_in(sale.buyer)
    page = the_sending(browser, sale, "?kind=refund_only&quantity=1&reason=quality")
    page = browser.send(page.form("/after-sale"), text="长" * 1_050)
    assert page.status == 422 and "Say it in at most 1000 letters" in page.html and "长" * 1_050 in page.html
    assert cases_of(sale) == []


def test_sent_twice_it_is_one_case_and_its_files_once() -> None:
    sale = sold(3)
    browser = signed_in(sale.buyer)
    path = line_path(sale, "?kind=refund_only&quantity=3&reason=damaged")
    form = the_sending(browser, sale, "?kind=refund_only&quantity=3&reason=damaged").form("/after-sale")
    for _ in range(2):
        values = {name: value[0] for name, value in form.values.items() if name != "files"}
        answer = browser.client.post(path, values | {"files": photo()}, headers=browser.origin)
        assert answer.status_code == 302
    [case] = cases_of(sale)
    assert answer["Location"] == case_path(sale, case)
    with merchant_scope(sale.earner.shop.merchant_id):
        file = AfterSaleFile.objects.get()
    mine = browser.client.get(case_path(sale, case, f"/files/{file.id}"))
    assert mine.status_code == 200 and mine["Content-Type"] == "image/webp"
    other = signed_in(Actor("person", create_guest().pk))
    assert other.client.get(case_path(sale, case, f"/files/{file.id}")).status_code == 404


def test_the_same_form_does_not_reach_into_anothers_case() -> None:
    sale = sold(2)
    other = Sale(sale.earner, sale.earner.sell(2))
    other.pack()
    other.arrive()
    theirs = other.ask("refund_only", "quality")
    browser = signed_in(sale.buyer)
    form = the_sending(browser, sale, "?kind=refund_only&quantity=1&reason=quality").form("/after-sale")
    assert browser.send(form, case_id=str(theirs.id)).status == 404
    assert [case.id for case in cases_of(sale)] == [theirs.id]


def test_units_that_nobody_packed_are_cancelled_at_once() -> None:
    sale = sold(3, arrived=False)
    browser = signed_in(sale.buyer)
    page = browser.get(line_path(sale))
    assert "Cancelled before shipping" in page.html and "Why?" in page.html  # all that is offered: no choice
    page = the_sending(browser, sale, "?kind=cancel&quantity=1&reason=changed_mind")
    assert 'name="files"' not in page.html
    page = browser.send(page.form("/after-sale"))
    [case] = cases_of(sale)
    assert str(case.state) == "granted" and "The money is going back" in page.html
    assert "It is cancelled." in page.html


@pytest.mark.parametrize("path", ["", *(f"/{path}" for path in ACT_PATHS)])
def test_anothers_case_is_not_there(path: str) -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    for browser in (Browser(), signed_in(Actor("person", create_guest().pk))):
        assert browser.get(case_path(sale, case, path)).status == 404
        form = browser.client.post(case_path(sale, case, path), {"text": "x"}, headers=browser.origin)
        assert form.status_code in (403, 404, 405)
    assert Browser().get(line_path(sale)).status == 404
    assert signed_in(Actor("person", create_guest().pk)).get(line_path(sale)).status == 404
    assert str(sale.case(case).state) == "requested"


def test_there_and_back_with_the_goods() -> None:
    sale = sold(3)
    browser = signed_in(sale.buyer)
    case = sale.ask("return_refund", "no_reason", 1)
    page = browser.get(case_path(sale, case))
    assert "Where to send it" in page.html and "Agreed at once" in page.html
    page = browser.get(case_path(sale, case, "/send-back"))
    page = browser.send(page.form("/send-back"), carrier="shunfeng", waybill_no="SF 1")
    assert page.status == 422 and 'value="SF 1"' in page.html
    page = browser.send(page.form("/send-back"), carrier="shunfeng", waybill_no="SF 123456789")
    assert "The waybill is saved." in page.html and "SF123456789" in page.html
    assert str(sale.case(case).state) == "returning"
    again = browser.get(case_path(sale, case, "/send-back"))
    assert again.path == case_path(sale, case)
    line = sale.line
    sale.do(receive_return, case, {line.id: 1})
    assert "The shop looks at what came back" in browser.get(case_path(sale, case)).html
    sale.do(grant_case, case)
    page = browser.get(case_path(sale, case))
    back = sale.case(case).back_fen
    assert f"¥{back / 100:.2f}" in page.html and "Goes back to you" in page.html


def test_taking_it_back_is_asked_first() -> None:
    sale = sold(2)
    browser = signed_in(sale.buyer)
    case = sale.ask("refund_only", "quality")
    page = browser.get(case_path(sale, case, "/withdraw"))
    assert "Take it back?" in page.html and str(sale.case(case).state) == "requested"
    page = browser.send(page.form("/withdraw"))
    assert "You took it back. The case is over." in page.html and "Taken back by you" in page.html
    form = browser.get(case_path(sale, case)).forms
    assert all("/withdraw" not in each.action for each in form)


def test_an_exchange_is_confirmed() -> None:
    sale = sold(2)
    browser = signed_in(sale.buyer)
    case = sale.ask("exchange", "quality")
    sale.do(agree_to_case, case)
    sale.do(send_back, case, "shunfeng", "SF12345678", actor=sale.buyer)
    sale.do(receive_return, case, {sale.line.id: 1})
    sale.do(ship_replacement, case, "zhongtong", "ZT12345678")
    page = browser.get(case_path(sale, case))
    assert "ZT12345678" in page.html and "I have received it" in page.html
    page = browser.send(browser.get(case_path(sale, case, "/confirm")).form("/confirm"))
    assert "Thank you. The case is over." in page.html and "You have the goods" in page.html


def test_more_words_and_files_go_with_the_case() -> None:
    sale = sold(2)
    browser = signed_in(sale.buyer)
    case = sale.ask("refund_only", "quality")
    path = case_path(sale, case, "/say")
    browser.get(path)
    token = browser.get(path).form("/say").values["csrfmiddlewaretoken"][0]
    sent = {"csrfmiddlewaretoken": token, "text": "再补一张照片", "files": photo()}
    answer = browser.client.post(path, sent, headers=browser.origin)
    assert answer.status_code == 302
    page = browser.get(case_path(sale, case))
    assert "再补一张照片" in page.html and "/files/" in page.html
    wrong = sent | {"files": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")}
    answer = browser.client.post(path, wrong, headers=browser.origin)
    assert answer.status_code == 422 and "再补一张照片" in answer.content.decode()
    with merchant_scope(sale.earner.shop.merchant_id):
        assert AfterSaleWord.objects.filter(aftersale=case, step="statement").count() == 1


def test_a_double_tap_says_it_once() -> None:
    sale, refused, dispute = disputed()
    browser = signed_in(sale.buyer)
    case = sale.ask("refund_only", "quality")
    for path, of in (("/say", case), ("/statement", refused)):
        form = browser.get(case_path(sale, of, path)).form(path)
        for _ in range(2):
            page = browser.send(form, text="再补一句")
            assert page.status == 200 and page.html.count("再补一句") == 1
        assert "sent already, with other words" in browser.send(form, text="改一句").html
    with merchant_scope(sale.earner.shop.merchant_id):
        assert AfterSaleWord.objects.filter(aftersale=case, step="statement").count() == 1
        assert Statement.objects.filter(dispute=dispute, step="answer").count() == 1


def refused(sale: Sale) -> AfterSale:
    case = sale.ask("refund_only", "quality")
    return sale.do(refuse_case, case, "as_described", text="出库前有质检")


def test_the_platform_is_called_hears_both_and_rules() -> None:
    sale = sold(2)
    browser, case = signed_in(sale.buyer), refused(sale)
    page = browser.get(case_path(sale, case))
    assert "The goods are as they were described" in page.html and "出库前有质检" in page.html
    page = browser.get(case_path(sale, case, "/escalate"))
    assert "Ask the platform to decide?" in page.html
    page = browser.send(page.form("/escalate"), text="")
    assert page.status == 422 and 'aria-invalid="true" aria-describedby="f-text_error"' in " ".join(
        page.html.split()
    )
    page = browser.send(page.form("/escalate"), text="茶叶受潮，照片为证")
    assert "The platform decides" in page.html and "No time runs against you" in page.html
    assert "茶叶受潮，照片为证" in page.html
    page = browser.send(browser.get(case_path(sale, case, "/statement")).form("/statement"), text="补充一句")
    assert "补充一句" in page.html
    merchant = sale.earner.shop.merchant_id
    with merchant_scope(merchant):
        dispute = Dispute.objects.get()
        state_case(dispute.id, "有质检记录", side=Side.SELLER, actor=STAFF)
        rule_dispute(dispute.id, FOR_SELLER, actor=Actor("operator", uuid7()))
    page = browser.get(case_path(sale, case))
    for told in ("有质检记录", "For the shop", "Goods go back whole", "商品已使用，支持商家。"):
        assert told in page.html
    page = browser.send(browser.get(case_path(sale, case, "/appeal")).form("/appeal"), text="我没有用过")
    assert "Your appeal is in." in page.html
    with merchant_scope(merchant):
        rule_dispute(
            dispute.id, Decision("buyer", "quality", "复核支持买家。"), actor=Actor("operator", uuid7())
        )
    page = browser.get(case_path(sale, case))
    assert "The ruling on the appeal, which stands" in page.html and "The money is going back" in page.html
    assert sale.refunds() == [sale.case(case).back_fen]


def test_a_ruling_is_accepted_and_a_call_taken_back() -> None:
    sale = sold(2)
    browser, case = signed_in(sale.buyer), refused(sale)
    browser.send(browser.get(case_path(sale, case, "/escalate")).form("/escalate"), text="请平台看看")
    page = browser.send(browser.get(case_path(sale, case, "/drop")).form("/drop"))
    assert "The platform does not decide any more." in page.html and "Ask the platform to decide" in page.html
    browser.send(browser.get(case_path(sale, case, "/escalate")).form("/escalate"), text="还是请平台看看")
    with merchant_scope(sale.earner.shop.merchant_id):
        dispute = Dispute.objects.get(ended_at=None)
        state_case(dispute.id, "有质检记录", side=Side.SELLER, actor=STAFF)
        rule_dispute(dispute.id, FOR_SELLER, actor=Actor("operator", uuid7()))
    page = browser.get(case_path(sale, case, "/accept"))
    assert "no money goes back" in page.html
    page = browser.send(page.form("/accept"))
    assert "Ended without money back" in page.html
    assert str(sale.case(case).state) == "closed"


def test_a_buyer_gives_in_where_the_shop_called_the_platform() -> None:
    sale = sold(1)
    browser, case = signed_in(sale.buyer), sale.ask("refund_only", "quality")
    with merchant_scope(sale.earner.shop.merchant_id):
        open_dispute(case.id, "请平台看看", side=Side.SELLER, actor=STAFF)
    assert "Withdraw the case" in browser.get(case_path(sale, case)).html
    asked = browser.get(case_path(sale, case, "/concede"))
    assert "nothing goes back for it" in asked.html and str(sale.case(case).state) == "requested"
    page = browser.send(asked.form("/concede"))
    assert "The case is withdrawn." in page.html
    assert (str(sale.case(case).state), sale.refunds()) == ("withdrawn", [])


def test_the_clock_runs_out_on_the_page() -> None:
    sale = sold(2)
    browser, case = signed_in(sale.buyer), sale.ask("refund_only", "quality")
    assert "the money goes back by itself" in browser.get(case_path(sale, case)).html
    sale.pass_time(case, timedelta(hours=49))
    page = browser.get(case_path(sale, case))
    assert "Granted: the shop did not move in time" in page.html


def test_who_has_to_send_back_sees_that_the_time_is_nearly_over() -> None:
    sale = sold(1)
    browser = signed_in(sale.buyer)
    with clock.shifted(-timedelta(days=7) + timedelta(hours=3)):
        case = sale.ask("return_refund", "quality")
        sale.do(agree_to_case, case)
    for path in ("me", "orders/"):
        page = browser.get(shop_path(sale, path))
        assert page.html.count(f'href="{case_path(sale, case)}"') == 1, path
        assert "nearly over" in page.html
    other = Browser()
    other.get(shop_path(sale, ""))
    assert "nearly over" not in other.get(shop_path(sale, "orders/")).html
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    for path in ("me", "orders/"):
        assert "nearly over" not in browser.get(shop_path(sale, path)).html, path
