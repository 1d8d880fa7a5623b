"""After-sale cases at the desk: what waits stands first, and each answer does what its page said."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.faces.console.support import Desk, make_desk
from tests.faces.console.test_desk_flows import text_of
from tests.faces.promoter.support import PRICE
from tests.support.complaining import Sale, disputed, sold
from tests.support.signing import at_desk
from tests.trade.reviews.support import a_photo
from tongdao.crm.insight.models import PlatformLevel
from tongdao.crm.insight.service import mondays
from tongdao.faces.console.reading.case_record import neighbours
from tongdao.faces.lists.paging import Place
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.wanted import narrowed, ordered, page_of, window
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.reading import read
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import StockMovement
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff, create_role
from tongdao.party.people.operations import register_person
from tongdao.trade.aftersales.deadlines import WAITS
from tongdao.trade.aftersales.models import AfterSale, AfterSaleWord, Side
from tongdao.trade.aftersales.operations import grant_case, refuse_case, send_back, withdraw_case
from tongdao.trade.disputes.models import Dispute, Statement
from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case
from tongdao.trade.disputes.waiting import BUYERS, SELLERS, ask_waiting, for_seller

EN = {"accept-language": "en"}
ZH = {"accept-language": "zh-hans"}
ARBITER = Actor("operator", uuid7())


class Counter:
    """The desk of a sale's shop, in one member's browser."""

    def __init__(self, sale: Sale, role: Role = Role.SERVICE) -> None:
        self.sale, self.desk = sale, Desk(sale.earner.shop)
        self.browser: Client = self.desk.client(role)

    def page(self, case: AfterSale, language: dict[str, str] = EN) -> str:
        answer = self.browser.get(self.desk.url("case", case_id=case.id), headers=language)
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", text_of(answer))

    def act(self, name: str, case: AfterSale, **typed: object) -> Any:
        return self.browser.post(self.desk.url(name, case_id=case.id), typed, headers=EN)

    def told(self, name: str, case: AfterSale, **typed: object) -> str:
        """What a refused act shows."""
        answer = self.act(name, case, **typed)
        assert answer.status_code in (409, 422), answer.status_code
        return re.sub(r"\s+", " ", text_of(answer))


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("tea.png", a_photo(), "image/png")


def test_refused_with_a_picture_then_called_heard_and_accepted() -> None:
    sale = sold(2)
    case = sale.ask("refund_only", "quality", text="受潮了")
    at = Counter(sale)
    page = at.page(case)
    for words in ("It is your turn", "受潮了", "Faulty or of bad quality", "Give ¥128.00 back"):
        assert words in page
    assert "¥12.80 less commission for 小禾" in page, "what it costs whom is told before the button"
    assert "in words of your own" in at.told("case_refuse", case, reason="as_described", text=" ").lower()
    done = at.act("case_refuse", case, reason="as_described", text="出库前有质检", files=photo())
    assert done["Location"] == at.desk.url("case", case_id=case.id)
    page = at.page(case)
    assert "出库前有质检" in page and "The goods are as they were described" in page
    assert "It is the buyer's turn" in page
    buyer = sale.buyer
    with merchant_scope(at.desk.shop.merchant_id):
        dispute = open_dispute(case.id, "请平台看看", side=Side.BUYER, actor=buyer)
    assert "The platform wants to hear you" in at.page(case)
    assert "The platform is deciding" in at.told("case_grant", case, expected="12800")
    at.act("dispute_state", case, text="见质检单", files=photo())
    assert "见质检单" in at.page(case)
    with merchant_scope(at.desk.shop.merchant_id):
        rule_dispute(dispute.id, Decision("buyer", "quality", "照片可信"), actor=ARBITER)
    page = at.page(case)
    assert "For the buyer" in page and "照片可信" in page and "Consumer Protection Law, Art. 24" in page
    at.act("dispute_accept", case)
    assert sale.refunds() == [PRICE]
    assert "The ruling is carried out" in at.page(case)
    again = at.told("dispute_accept", case)
    assert "moved on meanwhile" in again


def test_a_return_is_agreed_to_received_into_stock_and_granted_once() -> None:
    sale = sold(3)
    case = sale.ask("return_refund", "quality", 2)
    at = Counter(sale)
    at.act("case_agree", case, text="请寄回")
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    assert "Yunda Express YD12345678" in at.page(case)
    field = f"stock.{sale.line.id}"
    for units in ("3", "x"):
        assert "No more units than came back" in at.told("case_receive", case, **{field: units})
    at.act("case_receive", case, **{field: "1"})
    with merchant_scope(at.desk.shop.merchant_id):
        assert StockMovement.objects.get(reason="return").delta == 1
    assert "another amount" in at.told("case_grant", case, expected="12800")
    assert "another amount" in at.told("case_grant", case)
    assert at.act("case_grant", case, expected=str(2 * PRICE)).status_code == 302
    assert "moved on meanwhile" in at.told("case_grant", case, expected=str(2 * PRICE))
    assert sale.refunds() == [2 * PRICE]
    page = at.page(case)
    for words in ("Return agreed", "Goods sent back", "Goods are back", "Granted", "Refund promised"):
        assert words in page


def test_an_exchange_leaves_stock_with_its_own_word() -> None:
    sale = sold(1)
    case = sale.ask("exchange", "quality")
    at = Counter(sale)
    at.act("case_agree", case)
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    at.act("case_receive", case)
    assert "number of the waybill" in at.told("case_replace", case, carrier="yunda", waybill_no="1")
    at.act("case_replace", case, carrier="yunda", waybill_no="YD87654321")
    assert sale.case(case).state == "replaced"
    line = sale.line
    sku = at.desk.url("sku", product_id=line.product_id, sku_id=line.sku_id)
    assert "Sent as a replacement" in text_of(at.browser.get(sku, headers=EN))
    assert "换货寄出" in text_of(at.browser.get(sku, headers=ZH))


def test_giving_in_needs_no_arbiter() -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    sale.do(refuse_case, case, "as_described", text="出库前有质检")
    at, buyer = Counter(sale), sale.buyer
    with merchant_scope(at.desk.shop.merchant_id):
        open_dispute(case.id, "请平台看看", side=Side.BUYER, actor=buyer)
    assert "Give in: the money goes back" in at.page(case) and "Give ¥128.00 back" in at.page(case)
    for seen in ("", "12700"):
        assert "another amount" in at.told("dispute_concede", case, expected=seen)
    assert at.act("dispute_concede", case, expected="12800").status_code == 302
    assert sale.refunds() == [PRICE] and "Settled without the platform" in at.page(case)


def test_somebody_was_quicker_and_what_was_typed_is_kept() -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    at = Counter(sale)
    sale.do(grant_case, case)
    said = at.told("case_refuse", case, reason="used", text="用过了")
    assert "moved on meanwhile" in said
    other = sold(1)
    again = other.ask("refund_only", "quality")
    answer = Counter(other).act("case_refuse", again, reason="nothing", text="茶渍很重")
    assert "茶渍很重" in answer.content.decode() and "open data-typed" in answer.content.decode()
    worth = Counter(other).act("case_grant", again, expected="1", text="抱歉，退给您。")
    assert ">抱歉，退给您。</textarea>" in worth.content.decode(), "another amount was to be granted"


def test_money_needs_its_permission() -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    desk = Desk(sale.earner.shop)
    person = register_person(sign_in_name=f"{uuid7()}@example.com", password="x" * 16, shown_name="客服")
    with merchant_scope(desk.shop.merchant_id):
        role = create_role("答复", ["orders.serve"], actor=desk.shop.owner)
        add_staff(person.id, role, actor=desk.shop.owner)
    browser = Client()
    browser.force_login(person, backend="tongdao.party.people.sign_in.IdentityBackend")
    at = Counter(sale)
    at.browser = at_desk(browser)
    page = at.page(case)
    assert "Refuse it" in page and "Give ¥128.00 back" not in page
    assert at.act("case_grant", case, expected="12800").status_code == 403
    assert at.act("case_say", case, text="我们在看").status_code == 302


def test_a_double_tap_says_it_once() -> None:
    sale, refused, dispute = disputed()
    at, case = Counter(sale), sale.ask("refund_only", "quality")
    for name, of in (("case_say", case), ("dispute_state", refused)):
        page = at.browser.get(at.desk.url("case", case_id=of.id)).content.decode()
        form = name.partition("_")[2]
        found = re.search(rf'name="key" value="([0-9a-f]+-{form})"', page)
        assert found
        for _ in range(2):
            assert at.act(name, of, text="我们在看", key=found[1]).status_code == 302
        assert "sent already, with other words" in at.told(name, of, text="改一句", key=found[1])
    with merchant_scope(at.desk.shop.merchant_id):
        assert AfterSaleWord.objects.filter(aftersale=case, text="我们在看").count() == 1
        assert Statement.objects.filter(dispute=dispute, text="我们在看").count() == 1


def test_files_are_shown_to_staff_of_this_shop_alone() -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    at = Counter(sale)
    at.act("case_say", case, text="", files=photo())
    found = re.search(
        r'href="([^"]+/files/[0-9a-f-]+)"',
        at.browser.get(at.desk.url("case", case_id=case.id)).content.decode(),
    )
    assert found
    shown = at.browser.get(found[1])
    assert shown.status_code == 200 and shown["X-Content-Type-Options"] == "nosniff"
    other = make_desk()
    elsewhere = found[1].replace(str(at.desk.shop.merchant_id), str(other.shop.merchant_id))
    assert other.client().get(elsewhere).status_code == 404
    assert "Say why" in at.told("case_say", case, text=" ")


def found_by(desk: Desk, **wanted: str) -> set[UUID]:
    with merchant_scope(desk.shop.merchant_id):
        return {row.id for row in narrowed(LISTS["cases"], wanted)}


def test_the_list_puts_first_what_waits_for_the_shop_and_each_filter_finds_its_own() -> None:
    sale = sold(9)
    desk = Desk(sale.earner.shop)
    with clock.shifted(-timedelta(hours=40)):
        early = sale.ask("refund_only", "quality")
    late = sale.ask("return_refund", "damaged")
    waits = sale.ask("return_refund", "no_reason")
    over = sale.ask("refund_only", "missing")
    sale.do(withdraw_case, over, actor=sale.buyer)
    fought = sale.ask("refund_only", "damaged")
    sale.do(refuse_case, fought, "as_described", text="完好")
    buyer = sale.buyer
    with merchant_scope(desk.shop.merchant_id):
        dispute = open_dispute(fought.id, "看看", side=Side.BUYER, actor=buyer)
        rows = [row.id for row in page_of(LISTS["cases"], {}, Place()).rows]
        assert rows == [early.id, late.id, fought.id, over.id, waits.id]
        walked, place = [], Place()
        while (page := page_of(LISTS["cases"], {}, place, 2)).rows:
            walked += [row.id for row in page.rows]
            if not page.older:
                break
            place = Place(before=walked[-1])
        assert walked == rows
        assert neighbours(late.id) == (early.id, fought.id)
        assert (neighbours(early.id)[0], neighbours(waits.id)[1]) == (None, None)
        assert read(ask_waiting()) == 3
    assert found_by(desk, turn="seller") == {early.id, late.id, fought.id}
    assert found_by(desk, turn="buyer") == {waits.id}
    assert found_by(desk, turn="platform") == set()
    assert found_by(desk, turn="nobody") == {over.id}
    assert found_by(desk, due="soon") == {early.id}
    assert found_by(desk, due="paused") == {fought.id}
    with clock.shifted(timedelta(hours=9)):
        assert found_by(desk, due="over") == {early.id}
    assert found_by(desk, kind="return_refund") == {late.id, waits.id}
    assert found_by(desk, reason="damaged") == {late.id, fought.id}
    assert found_by(desk, state="withdrawn") == {over.id}
    assert found_by(desk, q=sale.order.number[:8]) == {early.id, late.id, waits.id, over.id, fought.id}
    assert found_by(desk, q="00") == set()
    with merchant_scope(desk.shop.merchant_id):
        state_case(dispute.id, "完好", side=Side.SELLER, actor=desk.shop.owner)
        assert read(ask_waiting()) == 2
    assert found_by(desk, turn="platform") == {fought.id}
    browser = desk.client()
    page = re.sub(r"\s+", " ", text_of(browser.get(desk.url("cases"), headers=EN)))
    for words in ("Your turn", "The platform's turn", "Export", "Faulty or of bad quality"):
        assert words in page
    home = text_of(browser.get(desk.url("home"), headers=EN))
    assert "After-sale cases to answer" in home


def test_what_waits_and_the_rest_are_walked_as_one_list() -> None:
    """Every page size, both ways, and by offset: each case once, in the order of the whole."""
    sale = sold(9)
    for days in range(9):
        with clock.shifted(-timedelta(days=days)):
            case = sale.ask("refund_only", "quality")
        if days % 3:
            sale.do(refuse_case, case, "used", text="用过了")
    spec = LISTS["cases"]
    with merchant_scope(sale.earner.shop.merchant_id):
        whole = [row.pk for row in ordered(spec, {})]
        assert len(whole) == 9 and AfterSale.objects.filter(for_seller()).count() == 3
        for size in (1, 2, 3, 4, 9, 10):
            page = page_of(spec, {}, Place(), size)
            down = [row.pk for row in page.rows]
            assert not page.newer
            while page.older:
                page = page_of(spec, {}, Place(before=down[-1]), size)
                down += [row.pk for row in page.rows]
                assert page.newer
            assert down == whole, size
            up = [whole[-1]]
            while (page := page_of(spec, {}, Place(after=up[0]), size)).rows:
                up = [*(row.pk for row in page.rows), *up]
                assert page.newer == (up[0] != whole[0])
            assert up == whole, size
        for limit in (1, 2, 4, 9):
            at = [row.pk for begin in range(0, 10, limit) for row in window(spec, {}, begin, limit)]
            assert at == whole, limit
        assert [row.pk for row in page_of(spec, {}, Place(after=uuid7()), 2).rows] == whole[:2], "a row gone"


def test_whose_turn_it_is_says_the_domain() -> None:
    turns = dict.fromkeys(SELLERS, "seller") | dict.fromkeys(BUYERS, "buyer")
    assert {state: wait.whose for state, wait in WAITS.items()} == turns


def test_the_order_leads_to_its_cases_and_giving_back_warns() -> None:
    sale = sold(2)
    case = sale.ask("refund_only", "quality")
    at = Counter(sale)
    order = at.browser.get(at.desk.url("order", order_id=sale.order_id), headers=EN).content.decode()
    assert f'href="{at.desk.url("case", case_id=case.id)}"' in order
    asked = "The buyer has asked for this already"
    giving = at.desk.url("give_back", order_id=sale.order_id)
    assert asked in text_of(at.browser.get(giving, headers=EN))
    sale.do(withdraw_case, case, actor=sale.buyer)
    assert asked not in text_of(at.browser.get(giving, headers=EN))


def test_the_board_tells_how_it_goes() -> None:
    sale = sold(4)
    at = Counter(sale)
    empty = text_of(at.browser.get(at.desk.url("service"), headers=EN))
    assert "No case in these weeks" in empty
    with clock.shifted(-timedelta(hours=5)):
        case = sale.ask("refund_only", "quality")
        late = sale.ask("refund_only", "damaged")
    sale.do(grant_case, case)
    page = re.sub(r"\s+", " ", text_of(at.browser.get(at.desk.url("service"), headers=EN)))
    assert "5 hours" in page and "200.0%" in page and "0 of 2" in page
    sale.do(refuse_case, late, "used", text="用过了")
    buyer = sale.buyer
    with merchant_scope(at.desk.shop.merchant_id):
        open_dispute(late.id, "没有", side=Side.BUYER, actor=buyer)
        assert Dispute.objects.count() == 1
    page = re.sub(r"\s+", " ", text_of(at.browser.get(at.desk.url("service"), headers=EN)))
    assert "50.0%" in page and "1 of 2" in page


def test_the_board_draws_gaps_and_the_platforms_median_beside_them() -> None:
    sale = sold(2)
    at = Counter(sale)
    now = clock.now()
    with clock.shifted(-timedelta(days=28)):
        case = sale.ask("refund_only", "quality")
    with clock.shifted(-timedelta(days=28) + timedelta(hours=30)):
        sale.do(grant_case, case)
    sale.ask("refund_only", "quality")  # this week, and nobody has answered
    url = at.desk.url("service")
    levels = [
        PlatformLevel(
            since=day,
            weeks=1,
            asked_shops=7,
            disputed_bps=1_250,
            answered_shops=7,
            answer=7 * 3_600,
            refunded_shops=0,
            reckoned_at=now,
        )
        for day in mondays(now, 3)
    ]
    with transaction.atomic():
        PlatformLevel.objects.all().delete()
    drawn = at.browser.get(url, headers=EN).content.decode()
    assert 'class="path' not in drawn and drawn.count('class="dot"') == 4, (
        "single weeks are dots between gaps"
    )
    assert "has not been reckoned" in drawn and "┅" not in drawn
    with transaction.atomic():
        PlatformLevel.objects.bulk_create(levels)
    answer = at.browser.get(url, headers=EN)
    drawn, told = answer.content.decode(), re.sub(r"\s+", " ", text_of(answer))
    assert drawn.count("stroke-dasharray") == 2, "first answers and disputes; of refunds nothing is known"
    assert "7 hours" in told and "12.5%" in told and "30 hours" in told
    assert f"{levels[0].since:%m-%d} — 7 hours" in told, (
        "a week in which this shop answered nothing is no nought"
    )
    with transaction.atomic():
        PlatformLevel.objects.all().delete()


def test_the_queue_and_the_day_warn_of_what_runs_out() -> None:
    sale = sold(2)
    at = Counter(sale)
    with clock.shifted(-timedelta(hours=37)):
        sale.ask("refund_only", "quality")
    quiet = sale.ask("refund_only", "damaged")
    for page in ("cases", "home"):
        answer = at.browser.get(at.desk.url(page), headers=EN)
        assert "1 after-sale case runs out within 12 hours" in re.sub(r"\s+", " ", text_of(answer)), page
        assert "?turn=seller&amp;due=soon" in answer.content.decode()
    assert quiet.id not in found_by(at.desk, turn="seller", due="soon")
    with merchant_scope(at.desk.shop.merchant_id):
        case = AfterSale.objects.exclude(pk=quiet.id).get()
    sale.do(grant_case, case)
    for page in ("cases", "home"):
        assert "runs out" not in text_of(at.browser.get(at.desk.url(page), headers=EN)), page


@pytest.mark.parametrize("page", ["case", "cases", "service"])
def test_pages_are_chinese_throughout(page: str) -> None:
    sale = sold(1)
    case = sale.ask("return_refund", "quality", text="坏了")
    at = Counter(sale)
    parts = {"case_id": case.id} if page == "case" else {}
    said = text_of(at.browser.get(at.desk.url(page, **parts), headers=ZH))
    main = said[said.index("售后") :]
    allowed = {"English", "service"}  # the switch of language, and the tester's own name
    assert set(re.findall(r"[A-Za-z]{4,}", main)) <= allowed
