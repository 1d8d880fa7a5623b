"""One of three goes back: asked with a picture, sent, and the money seen, on a phone in real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.faces.shop.test_browser import TOO_SMALL
from tests.faces.shop.test_cases import case_path, line_path, refused, shop_path
from tests.faces.shop.test_reviews_browser import phone, sign_in
from tests.faces.shop.visits import SCREEN, Visit
from tests.support.complaining import handed_over, scanned, sold
from tests.trade.reviews.support import a_photo
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations import agree_to_case, grant_case, receive_return, send_back
from tongdao.trade.shipping.carriers import Status

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_of_three_goes_back(site: str, browser: Browser, tmp_path: Path, scripts: bool) -> None:
    sale = sold(3)
    file = tmp_path / "damaged.jpg"
    file.write_bytes(a_photo())
    context = phone(browser, scripts=scripts)
    sign_in(context, site, sale.buyer)
    visit = Visit(context)
    page = visit.page
    page.goto(f"{site}{shop_path(sale, f'orders/{sale.order_id}')}")
    page.get_by_role("link", name="售后：").click()
    page.get_by_role("link", name="退货退款").click()
    page.get_by_label("收到时破损").check(force=True)
    page.get_by_role("button", name="下一步").click()
    one = sale.line.paid_fen // 3 + sale.line.freight_fen // 3
    expect(page.get_by_text(f"¥{one / 100:.2f}").first).to_be_visible()
    page.get_by_label("经过").fill("盒子压坏了")
    page.locator("[name=files]").set_input_files([file])
    page.get_by_role("button", name="申请退回").dblclick()
    expect(page.get_by_role("heading", name="等待商家处理")).to_be_visible()
    expect(page.locator(".attached img")).to_have_count(1)
    with merchant_scope(sale.earner.shop.merchant_id):
        case = AfterSale.objects.get()
        agree_to_case(case.id, actor=sale.earner.shop.owner)
    page.reload()
    page.get_by_role("link", name="已寄出，填写运单号").click()
    expect(page.get_by_text("云栖小镇 1 号仓").first).to_be_visible()
    page.get_by_label("快递").select_option("zhongtong")
    page.get_by_label("运单号").fill("ZT 1234 5678")
    page.get_by_role("button", name="保存运单号").click()
    expect(page.get_by_text("ZT12345678").first).to_be_visible()
    page.get_by_role("link", name="更正运单号").click()
    page.get_by_label("运单号").fill("YT 1234 5678")
    page.get_by_role("button", name="保存运单号").click()
    expect(page.get_by_text("圆通速递 YT12345678").first).to_be_visible()
    scanned(sale, case, Status.MOVING, "快件离开【上海转运中心】")
    page.reload()
    expect(page.get_by_text("快件离开【上海转运中心】")).to_be_visible()
    handed_over(sale, case)
    page.reload()
    expect(page.get_by_text("退货包裹已由商家签收")).to_be_visible()
    expect(page.get_by_text("已签收，商家查收中")).to_be_visible()
    expect(page.get_by_role("link", name="更正运单号")).to_have_count(0)
    sale.do(receive_return, case, {sale.line.id: 1})
    sale.do(grant_case, case)
    page.reload()
    expect(page.get_by_role("heading", name="退款中")).to_be_visible()
    assert sale.case(case).back_fen == one
    page.get_by_role("link", name="查看订单款项").click()
    expect(page.get_by_text(f"¥{one / 100:.2f}").first).to_be_visible()
    assert visit.complaints == []


def test_nothing_is_too_small_for_a_thumb_or_too_wide(site: str, browser: Browser) -> None:
    sale, context = sold(3), phone(browser)
    sign_in(context, site, sale.buyer)
    visit = Visit(context)
    case, agreed = refused(sale), sale.ask("return_refund", "no_reason")
    sent = sale.ask("return_refund", "no_reason")
    sale.do(send_back, sent, "", "YT9988776655", actor=sale.buyer)
    scanned(sale, sent, Status.MOVING, "快件离开【上海转运中心】，发往【杭州市西湖区云栖小镇营业部】")
    for path in (
        line_path(sale),
        line_path(sale, "?kind=exchange"),
        line_path(sale, "?kind=return_refund&quantity=1&reason=quality"),
        case_path(sale, case),
        case_path(sale, case, "/escalate"),
        case_path(sale, agreed),
        case_path(sale, agreed, "/send-back"),
        case_path(sale, sent),
        case_path(sale, sent, "/waybill"),
        shop_path(sale, "cases"),
        shop_path(sale, f"orders/{sale.order_id}"),
    ):
        visit.page.goto(f"{site}{path}")
        assert visit.page.evaluate(TOO_SMALL) == [], path
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], path
    assert visit.complaints == []
