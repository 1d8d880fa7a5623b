"""What cannot be given back, from the product to the order, in Chromium: phone and desk, both languages."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.faces.console.support import make_desk
from tests.faces.console.test_company_browser import enter
from tests.faces.shop.goods import add_product, put_picture
from tests.faces.shop.visits import Visit
from tests.support.browsing import PICTURES, Visitor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.operations import set_return_exclusion
from tongdao.trade.orders.models import OrderLine

pytestmark = pytest.mark.browser
GOODS = {
    "fish": ("现捞大黄鱼 两条装 顺丰冷链当日发出", "perishable"),
    "mask": ("蒸汽眼罩 十二片", "opened_hygiene"),
    "record": ("山居琴谱 黑胶唱片", "sealed_media"),
    "cup": ("雨青手作盖碗", ""),
}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-US", "dark")])
def test_it_is_told_asked_and_kept(
    browser: Browser, site: str, cluster: object, width: int, language: str, scheme: Literal["light", "dark"]
) -> None:
    desk = make_desk(())
    shop = desk.shop
    picture = put_picture("square.svg")
    for handle, (title, code) in GOODS.items():
        add_product(shop, handle, title, {(): (6_800, 9)}, pictures=[picture])
        with merchant_scope(shop.merchant_id):
            set_return_exclusion(Product.objects.get(handle=handle).id, code, actor=shop.owner)
    view = {"width": width, "height": 844 if width == 390 else 900}
    context = browser.new_context(viewport=view, locale=language, color_scheme=scheme)  # type: ignore[arg-type]  # its own
    context.set_default_timeout(20_000)
    page = Visit(context).page

    def look(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"returns-{language}-{width}-{name}.png", full_page=True)

    for handle in GOODS:
        page.goto(f"{site}/s/{shop.slug}/p/{handle}#choose")
        page.locator("#choose button[value=cart]").click()
        page.wait_for_url(f"**/p/{handle}")
        page.locator(".guarantee summary").first.click()
        look(handle)
    page.goto(f"{site}/s/{shop.slug}/cart")
    look("cart")
    page.goto(f"{site}/s/{shop.slug}/checkout")
    box = page.locator("input[name=agree]")
    expect(box).to_have_count(1)
    expect(box).not_to_be_checked()
    box.check()
    for field, typed in (("recipient", "林小满"), ("phone", "13812345678"), ("detail", "文三路 90 号")):
        page.fill(f"[name={field}]", typed)
    for field, division in (("province", "330000"), ("city", "330100"), ("county", "330106")):
        page.locator(f"[name={field}]").select_option(division)
        page.wait_for_load_state("networkidle")
    expect(box).to_be_checked()
    look("checkout")
    page.locator("#pay button").click()
    page.wait_for_url("**/orders/**")
    look("order")
    with merchant_scope(shop.merchant_id):
        kept = {line.title: line.policies["return_days"] for line in OrderLine.objects.all()}
        product = Product.objects.get(handle="mask")
    assert kept == {title: 7 if code in ("", "sealed_media") else 0 for title, code in GOODS.values()}
    staff = Visitor(context, "returns-desk")
    enter(staff, desk, site)
    page = staff.page
    for name in ("product", "returns"):
        page.goto(site + desk.url(name, product_id=product.id))
        look(f"console-{name}")
