"""The key pages in Chromium on a phone: with scripts, without them, under our own security policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.faces.shop.browsing import DESK, PHONE
from tests.faces.shop.goods import add_product, put_picture
from tests.faces.shop.visits import SCREEN, Visit
from tests.support.builders import WEST_LAKE, Shop
from tests.support.paying import PaySandbox
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAttempt

pytestmark = pytest.mark.browser
TOO_SMALL = """
[...document.querySelectorAll("main a, main button, nav a, summary")]
  .filter((spot) => spot.checkVisibility({visibilityProperty: true}))
  .map((spot) => [spot.textContent.trim(), spot.getBoundingClientRect().height])
  .filter(([, height]) => height < 44)
"""


@pytest.fixture
def goods(paid_shop: Shop) -> Shop:
    offers = {
        ("月白", "180 ml"): (16_800, 12),
        ("月白", "240 ml"): (18_800, 3),
        ("雨青", "180 ml"): (16_800, 1),
    }
    pictures = [put_picture("cup-1.svg"), put_picture("cup-2.svg")]
    add_product(paid_shop, "cup", "盖碗", offers, options=["釉色", "容量"], pictures=pictures)
    return paid_shop


def test_with_scripts_the_regions_follow_and_the_code_page_notices_the_payment(
    site: str, browser: Browser, goods: Shop, sandbox: PaySandbox
) -> None:
    visit = Visit(browser.new_context(viewport=SCREEN, locale="zh-CN", user_agent=DESK))
    page = visit.page
    visit.to_checkout(f"{site}/s/{goods.slug}/p/cup")
    expect(page.get_by_role("button", name="显示下一级")).to_be_hidden()
    for name, code in (("province", "330000"), ("city", "330100"), ("county", WEST_LAKE)):
        page.locator(f"[name={name}]").select_option(code)
        expect(page.locator(f"[name={name}]")).to_have_value(code)
    expect(page.locator("[name=recipient]")).to_have_value("林小满")
    page.get_by_role("button", name="提交并支付").click()
    page.wait_for_url("**/scan")
    expect(page.locator(".qr svg")).to_be_visible()
    with merchant_scope(goods.merchant_id):
        trade_no = PaymentAttempt.objects.get().trade_no
    sandbox.pay(trade_no)
    page.wait_for_url("**/orders/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("等待商家发货")
    assert visit.complaints == []


def test_without_scripts_everything_is_reached_by_links_and_forms(
    site: str, browser: Browser, goods: Shop
) -> None:
    context = browser.new_context(
        viewport=SCREEN, locale="zh-CN", user_agent=DESK, java_script_enabled=False, is_mobile=True
    )
    visit = Visit(context)
    page = visit.page
    page.goto(f"{site}/s/{goods.slug}/")
    page.get_by_role("link", name="盖碗").click()
    visit.to_checkout(page.url)
    page.locator("[name=province]").select_option("110000")
    page.get_by_role("button", name="显示下一级").click()
    page.locator("[name=city]").select_option("110101")
    page.get_by_role("button", name="提交并支付").click()
    page.wait_for_url("**/scan")
    with merchant_scope(goods.merchant_id):
        assert Order.objects.get().total_fen == 16_800


def test_the_sheet_tells_price_and_stock_of_what_is_chosen(site: str, browser: Browser, goods: Shop) -> None:
    visit = Visit(browser.new_context(viewport=SCREEN, locale="zh-CN", user_agent=PHONE, is_mobile=True))
    page = visit.page
    page.goto(f"{site}/s/{goods.slug}/p/cup")
    page.get_by_role("link", name="加入购物车").click()
    page.get_by_role("radio", name="240 ml").check()
    expect(page.locator("[data-sku-price]")).to_have_text("¥188.00")
    expect(page.locator("[data-sku-stock]")).to_have_text("剩 3 件")
    page.get_by_role("radio", name="雨青").check()
    expect(page.get_by_role("button", name="加入购物车")).to_be_disabled()
    page.get_by_role("radio", name="180 ml").check()
    page.get_by_role("button", name="加入购物车").click()
    expect(page.get_by_role("status")).to_contain_text("已加入购物车")
    page.goto(f"{site}/s/{goods.slug}/cart")
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    assert visit.complaints == []


@pytest.mark.parametrize(
    "path", ["/", "/s/{}/", "/s/{}/categories", "/s/{}/p/cup", "/s/{}/me", "/s/{}/orders/"]
)
def test_nothing_is_wider_than_the_phone_and_touch_targets_are_large(
    site: str, browser: Browser, goods: Shop, path: str
) -> None:
    add_product(goods, "long", "长" * 200, {("值" * 120,): (999_999_900, 5)}, options=["名" * 80])
    visit = Visit(browser.new_context(viewport=SCREEN, locale="zh-CN", user_agent=PHONE, is_mobile=True))
    for address in (path, path.replace("/p/cup", "/p/long")):
        visit.page.goto(site + address.format(goods.slug))
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
        small = visit.page.evaluate(TOO_SMALL)
        assert small == []
    assert visit.complaints == []
