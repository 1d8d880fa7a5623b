"""The buyer's own pages in Chromium: phone and desk, both languages, light and dark, empty and full."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.faces.shop.goods import add_product, put_picture
from tests.faces.shop.test_mine import a_coupon
from tests.faces.shop.visits import Visit
from tests.support.browsing import PICTURES
from tests.support.builders import Shop, make_shop
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.operations import set_price, set_published

pytestmark = pytest.mark.browser
OWN = ("me", "favourites", "coupons", "seen", "me/addresses", "me/addresses/new")


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    made = make_shop()
    picture = put_picture("square.svg")
    titles = ("手拉坯粗陶马克杯 大号", "Hand-thrown cup", "春茶礼盒", "已停售的茶")
    for number, title in enumerate(titles):
        add_product(made, f"cup-{number}", title, {(): (6_800 + number, number)}, pictures=[picture])
    with merchant_scope(made.merchant_id):
        product = Product.objects.get(handle="cup-0").id
    a_coupon(made, "新人见面礼", -1, 6, per_member=1)
    a_coupon(made, "买杯子", -1, 20, threshold_fen=Fen(20_000), product_ids=[product])
    a_coupon(made, "双旦", 2, 9)
    return made


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-US", "dark")])
def test_own_pages_look_as_they_should(
    browser: Browser, site: str, shop: Shop, width: int, language: str, scheme: Literal["light", "dark"]
) -> None:
    height = 844 if width == 390 else 900
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, color_scheme=scheme
    )
    context.set_default_timeout(20_000)
    visit = Visit(context)
    page, name = visit.page, f"mine-{language}-{width}"

    def look(path: str, state: str) -> None:
        page.goto(f"{site}/s/{shop.slug}/{path}", wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{path.replace('/', '-')}-{state}.png", full_page=True)

    for path in OWN:
        look(path, "empty")
    for number in (3, 2, 1, 0):
        page.goto(f"{site}/s/{shop.slug}/p/cup-{number}")
        with page.expect_response("**/favourites"):
            page.locator(".titled .heart").click()
    _changed(shop)
    page.goto(f"{site}/s/{shop.slug}/me/addresses/new")
    for field, typed in (("recipient", "林小满"), ("phone", "13812345678"), ("detail", "文三路 90 号")):
        page.fill(f"[name={field}]", typed)
    for field, code in (("province", "330000"), ("city", "330100"), ("county", "330106")):
        page.locator(f"[name={field}]").select_option(code)
        page.wait_for_load_state("networkidle")
    page.locator("main form.card button.button-primary").click()
    page.wait_for_url("**/me/addresses")
    for path in (*OWN, "", "p/cup-1"):
        look(path, "full")
    expect(page.locator(".titled .heart")).to_have_attribute("aria-pressed", "true")
    assert visit.complaints == []
    with merchant_scope(shop.merchant_id):
        set_published(Product.objects.get(handle="cup-3").id, True, actor=shop.owner)


def _changed(shop: Shop) -> None:
    """One is cheaper, one dearer, one is not sold any more."""
    with merchant_scope(shop.merchant_id):
        skus = {row.handle: row.skus.get() for row in Product.objects.filter(handle__startswith="cup-")}
        for handle, by in (("cup-0", -500), ("cup-1", 120)):
            set_price(skus[handle].id, Fen(skus[handle].price_fen + by), actor=shop.owner)
        set_published(skus["cup-3"].product_id, False, actor=shop.owner)
