"""Offers in Chromium on a phone: checkout, a group of two, a sale's start, and the place to wait."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.shop.browsing import DESK
from tests.faces.shop.crowding import a_full_line
from tests.faces.shop.goods import add_product, put_picture
from tests.faces.shop.offering import (
    HOUR,
    add_coupon,
    add_flash,
    add_freight,
    add_gift,
    add_group_buy,
    period,
)
from tests.faces.shop.visits import SCREEN, Visit
from tests.support.browsing import PICTURES
from tests.support.builders import WEST_LAKE, Shop
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import ProductImage, Sku
from tongdao.terms.promotions.models import Group
from tongdao.trade.orders.models import Order

pytestmark = pytest.mark.browser
MODES = (("zh-CN", "light"), ("en-US", "dark"))
WIDE = "document.documentElement.scrollWidth"


@pytest.fixture
def goods(paid_shop: Shop) -> Shop:
    """The tea has a picture."""
    path = put_picture("tea.svg")
    with merchant_scope(paid_shop.merchant_id):
        product = Sku.objects.get(pk=paid_shop.skus[0]).product
        ProductImage.objects.create(
            product=product, position=1, file=path, source_url=path, state="ready", width=800, height=800
        )
    return paid_shop


def phone(browser: Browser, *, language: str = "zh-CN", scheme: str = "light", scripts: bool = True) -> Visit:
    context = browser.new_context(
        viewport=SCREEN,
        locale=language,
        user_agent=DESK,
        is_mobile=True,
        has_touch=True,
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    return Visit(context)


def picture(page: Page, name: str) -> None:
    """The whole page, and never wider than the phone."""
    assert page.evaluate(WIDE) <= SCREEN["width"]
    PICTURES.mkdir(parents=True, exist_ok=True)
    # Hiding the caret would leave styles on the inputs, which the policy forbids to move along.
    page.screenshot(path=Path(PICTURES) / f"offers-{name}.png", full_page=True, caret="initial")


def type_address(page: Page) -> None:
    page.fill("[name=recipient]", "林小满")
    page.fill("[name=phone]", "13812345678")
    page.fill("[name=detail]", "文三路 90 号")


def choose_region(page: Page, county: str = WEST_LAKE) -> None:
    for name, code in (("province", county[:2] + "0000"), ("city", county[:4] + "00"), ("county", county)):
        page.locator(f"[name={name}]").select_option(code)
        expect(page.locator(f"[name={name}]")).to_have_value(code)


@pytest.mark.parametrize(("language", "scheme"), MODES)
def test_the_checkout_tells_freight_and_coupons_as_they_are_chosen(
    site: str, browser: Browser, goods: Shop, language: str, scheme: str
) -> None:
    add_freight(goods)
    add_coupon(goods, "小券", 500)
    add_coupon(goods, "大券", 1_000)
    add_coupon(goods, "满减大券", 5_000, threshold_fen=Fen(50_000))
    add_coupon(goods, "老客", 2_000, code="LAOKE")
    [cup] = add_product(goods, "cup", "闻香杯", {(): (2_000, 5)})
    add_gift(goods, cup, threshold_fen=Fen(10_000))
    visit = phone(browser, language=language, scheme=scheme)
    page = visit.page
    page.goto(f"{site}/s/{goods.slug}/p/tea-1")
    picture(page, f"product-{language}-{scheme}")
    page.locator(".buy-bar .button-primary").click()
    page.locator(".sheet .foot .button-primary").click()
    page.wait_for_url("**/checkout?**")
    type_address(page)
    total = page.locator("#pay .money")
    expect(total).to_have_text("¥118.00")
    choose_region(page)
    expect(total).to_have_text("¥126.00")
    picture(page, f"checkout-{language}-{scheme}")
    page.get_by_role("checkbox", name="小券").check()
    expect(total).to_have_text("¥131.00")
    page.locator("[name=code]").fill("laoke")
    page.locator("[name=step][value=code]").click()
    expect(page.locator("[name=applied]")).to_have_value("LAOKE")
    picture(page, f"checkout-code-{language}-{scheme}")
    expect(page.locator("[name=recipient]")).to_have_value("林小满")
    assert visit.complaints == []


def test_an_order_with_everything_is_placed_as_it_was_shown(site: str, browser: Browser, goods: Shop) -> None:
    add_freight(goods)
    add_coupon(goods, "大券", 1_000)
    add_flash(goods, 9_800, **period(start=timedelta(0)))
    visit = phone(browser)
    page = visit.page
    page.goto(f"{site}/s/{goods.slug}/p/tea-1")
    picture(page, "product-flash")
    page.locator(".buy-bar .button-primary").click()
    page.locator(".sheet .foot .button-primary").click()
    page.wait_for_url("**/checkout?**")
    type_address(page)
    choose_region(page)
    total = page.locator("#pay .money")
    expect(total).to_have_text("¥106.00")  # no coupon on a reduced price
    page.locator("#pay button").click()
    page.wait_for_url("**/scan")
    with merchant_scope(goods.merchant_id):
        order = Order.objects.get()
    assert (order.freight_fen, order.total_fen) == (800, 10_600)
    page.goto(f"{site}/s/{goods.slug}/orders/{order.id}")
    picture(page, "order")


def test_two_buyers_form_a_group(site: str, browser: Browser, goods: Shop) -> None:
    add_group_buy(goods, 8_800, size=2)
    opener, joiner = phone(browser), phone(browser, language="en-US", scheme="dark")
    page = opener.page
    page.goto(f"{site}/s/{goods.slug}/p/tea-1")
    picture(page, "product-group")
    page.get_by_role("button", name="发起拼团").click()
    page.wait_for_url("**/checkout?**")
    type_address(page)
    choose_region(page)
    picture(page, "checkout-group")
    page.locator("#pay button").click()
    page.wait_for_url("**/scan")
    with merchant_scope(goods.merchant_id):
        group = Group.objects.get()
    path = f"{site}/s/{goods.slug}/groups/{group.id}"
    page.goto(path)
    expect(page.locator(".seats .mine")).to_contain_text("您")
    picture(page, "group-mine")
    page = joiner.page
    page.goto(f"{site}/s/{goods.slug}/p/tea-1")
    page.get_by_role("link", name="Join").click()
    picture(page, "group-join")
    page.get_by_role("button", name="Join this group").click()
    page.wait_for_url("**/checkout?**")
    type_address(page)
    choose_region(page)
    page.locator("#pay button").click()
    page.wait_for_url("**/scan")
    page.goto(path)
    expect(page.get_by_text("All seats are taken")).to_be_visible()
    picture(page, "group-full")
    with merchant_scope(goods.merchant_id):
        assert sorted(Order.objects.values_list("total_fen", flat=True)) == [8_800, 8_800]
    assert opener.complaints + joiner.complaints == []


def test_the_sale_opens_by_itself_and_asks_for_nothing(site: str, browser: Browser, goods: Shop) -> None:
    sale = add_flash(goods, 9_800, **period(start=timedelta(seconds=6), end=HOUR))
    visit = phone(browser)
    page = visit.page
    asked: list[str] = []
    page.goto(f"{site}/s/{goods.slug}/flash/{sale.id}")
    buy = page.locator("[data-buy]")
    expect(buy).to_be_disabled()
    expect(page.locator("[data-until=starts]")).to_contain_text("00:00:0")
    picture(page, "flash-before")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    expect(buy).to_be_enabled(timeout=15_000)
    assert asked == []
    picture(page, "flash-running")
    buy.click()
    page.wait_for_url("**/checkout?**")
    expect(page.locator("#pay .money")).to_have_text("¥98.00")
    assert visit.complaints == []


def test_a_clock_that_is_wrong_opens_nothing_early(site: str, browser: Browser, goods: Shop) -> None:
    sale = add_flash(goods, 9_800, **period(start=HOUR, end=2 * HOUR))
    visit = phone(browser, language="en-US", scheme="dark")
    visit.page.clock.install(time=sale.starts_at + timedelta(minutes=5))
    visit.page.goto(f"{site}/s/{goods.slug}/flash/{sale.id}")
    visit.page.clock.run_for(1_000)
    expect(visit.page.locator("[data-until=starts]")).to_contain_text("00:59:")
    expect(visit.page.locator("[data-buy]")).to_be_disabled()
    picture(visit.page, "flash-before-en-dark")
    visit.page.goto(f"{site}/s/{goods.slug}/offers")
    picture(visit.page, "list-en-dark")


@pytest.mark.parametrize(("language", "scheme"), MODES)
def test_the_waiting_page_comes_back_by_itself(
    site: str, browser: Browser, goods: Shop, language: str, scheme: str
) -> None:
    visit = phone(browser, language=language, scheme=scheme)
    page = visit.page
    page.goto(f"{site}/s/{goods.slug}/p/tea-1")
    page.locator(".buy-bar .button-primary").click()
    page.locator(".sheet .foot .button-primary").click()
    page.wait_for_url("**/checkout?**")
    type_address(page)
    choose_region(page)
    with a_full_line(goods):
        page.locator("#pay button").click()
        expect(page.locator("[data-left]")).to_be_visible()
        picture(page, f"waiting-{language}-{scheme}")
    page.wait_for_url("**/scan")
    with merchant_scope(goods.merchant_id):
        assert Order.objects.count() == 2  # ours once, and the one that held up the line


def test_without_scripts_the_checkout_goes_step_by_step(site: str, browser: Browser, goods: Shop) -> None:
    add_freight(goods)
    add_coupon(goods, "大券", 1_000)
    visit = phone(browser, scripts=False)
    page = visit.page
    page.goto(f"{site}/s/{goods.slug}/offers")
    page.screenshot(path=Path(PICTURES) / "offers-list-empty.png")
    page.goto(f"{site}/s/{goods.slug}/p/tea-1")
    page.locator(".buy-bar .button-primary").click()
    page.locator(".sheet .foot .button-primary").click()
    type_address(page)
    for name, code in (("province", "330000"), ("city", "330100"), ("county", WEST_LAKE)):
        page.locator(f"[name={name}]").select_option(code)
        page.get_by_role("button", name="显示下一级").click()
    page.get_by_role("checkbox", name="大券").uncheck()
    page.get_by_role("button", name="使用所选优惠券").click()
    expect(page.locator("#pay .money")).to_have_text("¥136.00")
    page.screenshot(path=Path(PICTURES) / "offers-checkout-plain.png", full_page=True)
    page.get_by_role("button", name="提交并支付").click()
    page.wait_for_url("**/scan")
