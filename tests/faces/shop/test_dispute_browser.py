"""One of three is to go back, the shop says no, the platform rules for the buyer: on a phone, at the desk, at
the arbiter's, and to the fen on every page that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.faces.console.support import Desk
from tests.faces.operator.support import at, make_operator
from tests.faces.promoter.support import PRICE, Earner, make_earner, make_promoted_shop
from tests.faces.shop.test_cases import case_path, shop_path
from tests.faces.shop.test_reviews_browser import phone, sign_in
from tests.faces.shop.visits import Visit
from tests.support.complaining import Sale
from tests.support.promoting import make_coupon, sound
from tests.trade.payments.test_loop import balances
from tests.trade.reviews.support import a_photo
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.disputes.models import Dispute

pytestmark = pytest.mark.browser

OFF = 1_000  # fen, of the coupon
PAID = 3 * PRICE - OFF  # fen, for all three
ONE = 12_467  # fen: a third of what was paid, to the nearest
SHARE, SHARE_BACK = 3_740, 1_247  # fen: a tenth of what was paid, and of what went back, rounded up
REASONS = "质检单晚于签收时间，不能证明出库时完好，支持买家退货退款。"


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


def test_the_platform_rules_for_the_buyer(
    site: str, browser: Browser, earner: Earner, tmp_path: Path
) -> None:
    coupon = make_coupon(earner.shop, OFF)
    sale = Sale(earner, earner.sell(3))
    sale.pack()
    sale.arrive()
    context = phone(browser)
    sign_in(context, site, sale.buyer)
    visit = Visit(context)
    case = ask(visit.page, site, sale, tmp_path)
    counter, desk = Desk(earner.shop).client(), Desk(earner.shop)

    def act(name: str, **typed: object) -> None:
        answer = counter.post(desk.url(name, case_id=case.id), typed)
        assert answer.status_code == 302, answer.content.decode()[:3000]

    act("case_refuse", reason="as_described", text="出库前有质检，不同意")
    escalate(visit.page, site, sale, case)
    act("dispute_state", text="附质检单编号 0417")
    rule(sale)
    visit.page.reload()
    expect(visit.page.get_by_text(REASONS)).to_be_visible()
    act("dispute_accept")
    send_back(visit.page, site, sale, case)
    act("case_receive", **{f"stock.{sale.line.id}": 1})
    act("case_grant", expected=ONE)

    check_books(sale)
    assert sound(earner.shop, coupon.id) == 1, "the coupon stays used while a unit is kept"
    check_pages(visit.page, site, sale, case, counter, desk)
    assert visit.complaints == []


def ask(page: Page, site: str, sale: Sale, tmp_path: Path) -> AfterSale:
    (tmp_path / "tea.jpg").write_bytes(a_photo())
    page.goto(f"{site}{shop_path(sale, f'orders/{sale.order_id}')}")
    page.get_by_role("link", name="售后：").click()
    page.get_by_role("link", name="退货退款").click()
    page.get_by_label("收到时破损").check(force=True)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text(f"¥{ONE / 100:.2f}").first).to_be_visible()
    page.get_by_label("经过").fill("罐口压坏，茶叶受潮")
    page.locator("[name=files]").set_input_files([tmp_path / "tea.jpg"])
    page.get_by_role("button", name="申请退回").click()
    expect(page.get_by_role("heading", name="等待商家处理")).to_be_visible()
    with merchant_scope(sale.earner.shop.merchant_id):
        return AfterSale.objects.get()


def escalate(page: Page, site: str, sale: Sale, case: AfterSale) -> None:
    page.goto(f"{site}{case_path(sale, case, '/escalate')}")
    page.locator("main textarea").fill("开箱视频里就有潮气，请平台裁决")
    page.locator("main form button").last.click()
    expect(page.get_by_text("开箱视频里就有潮气").first).to_be_visible()


def rule(sale: Sale) -> None:
    with merchant_scope(sale.earner.shop.merchant_id):
        dispute = Dispute.objects.get()
    browser = make_operator().browser()
    assert "罐口压坏，茶叶受潮" in browser.get(at("dispute", dispute.id)).content.decode()
    typed = {"outcome": "buyer", "rule": "quality", "goods_back": "yes", "reason": REASONS}
    assert browser.post(at("dispute_rule", dispute.id), typed).status_code == 302


def send_back(page: Page, site: str, sale: Sale, case: AfterSale) -> None:
    page.goto(f"{site}{case_path(sale, case, '/send-back')}")
    page.get_by_label("快递").select_option("zhongtong")
    page.get_by_label("运单号").fill("ZT 1234 5678")
    page.get_by_role("button", name="保存运单号").click()
    expect(page.get_by_text("ZT12345678")).to_be_visible()


def check_books(sale: Sale) -> None:
    shop = sale.earner.shop
    assert sale.refunds() == [ONE]
    assert sale.stock() == (98, 0), "two are with the buyer, one is back"
    left = balances(shop)
    assert (left["refund_due"], left["held.promoter"]) == (ONE, SHARE - SHARE_BACK)
    assert left["external.buyer"] == -PAID
    with merchant_scope(shop.merchant_id):
        row = Commission.objects.get()
        assert (row.amount_fen, row.clawed_fen, row.base_back_fen) == (SHARE, SHARE_BACK, ONE)
    assert_ledger_sound(shop.merchant_id)


def check_pages(page: Page, site: str, sale: Sale, case: AfterSale, counter: Client, desk: Desk) -> None:
    back, share = f"¥{ONE / 100:.2f}", f"{(SHARE - SHARE_BACK) / 100:.2f}"
    for path in (case_path(sale, case), shop_path(sale, f"orders/{sale.order_id}")):
        page.goto(f"{site}{path}")
        expect(page.get_by_text(back).first).to_be_visible()
    told: Mapping[str, str] = {
        desk.url("case", case_id=case.id): back,
        desk.url("order", order_id=sale.order_id): back,
        desk.url("order_money", order_id=sale.order_id): share,
        desk.url("refunds"): back,
        desk.url("money"): back,
        desk.url("commissions"): f"{SHARE_BACK / 100:.2f}",
    }
    for url, words in told.items():
        answer = counter.get(url)
        assert answer.status_code == 200 and words in answer.content.decode(), (url, words)
    earner = sale.earner
    for url in (
        reverse("promoter:income_line", kwargs={"slug": earner.shop.slug, "line_id": sale.line.id}),
        earner.url("income"),
    ):
        assert share in earner.phone().get(url).content.decode(), url
