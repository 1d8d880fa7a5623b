"""Goods in Chromium: the grid by keyboard, prices in bulk, on the desk and on the phone, light and dark."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.faces.console.support import Desk, make_desk
from tests.faces.console.test_promotion_browser import enter, look
from tests.goods.editing.support import a_matrix, begin
from tests.goods.editing.test_pictures import drawn
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.support.promoting import make_flash
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.editing.operations import run_batch
from tongdao.goods.editing.operations.pictures import add_pictures
from tongdao.goods.editing.reckoning import PriceRule
from tongdao.goods.intake.operations import queue_import, run_import

pytestmark = pytest.mark.browser
CSV = b"Handle,Title,Variant Price\ncup,\xe6\x96\xb0\xe6\x9d\xaf,12.00\n"


def full_desk() -> tuple[Desk, Product]:
    desk = make_desk((10_000, 6_800), stock=50)
    shop, product = desk.shop, a_matrix(desk.shop, colours=("红", "白", "青瓷"))
    make_flash(shop, 9_000)
    with merchant_scope(shop.merchant_id):
        skus = tuple(Sku.objects.values_list("id", flat=True))
    for rule in (PriceRule("percent", -550, 90), PriceRule("amount", 300)):
        run_batch(shop.merchant_id, begin(shop, rule, skus=skus).id)
    begin(shop, PriceRule("set", 12_000), at=clock.now() + timedelta(days=3), skus=skus)
    for colour in ("darkred", "seagreen", "slategrey"):
        file = [(f"{colour}.png", io.BytesIO(drawn(colour)))]
        add_pictures(shop.merchant_id, product.id, file, actor=shop.owner)
    return desk, product


def typed(visitor: Visitor, text: str) -> None:
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(text)


def test_the_grid_is_filled_by_keyboard(browser: Browser, site: str) -> None:
    desk = make_desk((10_000,))
    product = a_matrix(desk.shop)
    clerk = at_the_desk(browser, "goods-grid")
    enter(clerk, desk, site)
    page = clerk.page
    page.goto(site + desk.url("product_grid", product_id=product.id))
    first = page.locator("tbody tr").nth(0).locator("input").nth(0)
    first.focus()
    typed(clerk, "88.5")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+D")
    page.keyboard.press("Enter")
    typed(clerk, "cheap")
    look(clerk, "typed")
    page.get_by_role("button", name="全部保存").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    expect(page.locator("[aria-invalid]")).to_be_focused()
    clerk.complaints.clear()  # of the status 422
    look(clerk, "refused")
    typed(clerk, "77")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="全部保存").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]").first).to_contain_text("3")
    with merchant_scope(desk.shop.merchant_id):
        prices = Sku.objects.filter(product=product).order_by("position").values_list("price_fen", flat=True)
        assert list(prices) == [8_850, 8_850, 7_700, 10_000]


def test_a_column_is_pasted_and_a_row_filled(browser: Browser, site: str) -> None:
    desk = make_desk((10_000,))
    product = a_matrix(desk.shop)
    clerk = at_the_desk(browser, "goods-paste")
    enter(clerk, desk, site)
    page = clerk.page
    page.goto(site + desk.url("product_grid", product_id=product.id))
    page.locator("tbody tr").nth(1).locator("input").nth(0).focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text", "11\\t22\\n12\\t23\\n");
          const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(event);
        }"""
    )
    page.select_option("[name='fill.where']", label="颜色: 红")
    page.fill("[name='fill.on_hand']", "9")
    page.get_by_role("button", name="填入").click()
    expect(page.locator(".notice").first).to_contain_text("2")
    page.get_by_role("button", name="全部保存").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]").first).to_contain_text("3")
    with merchant_scope(desk.shop.merchant_id):
        rows = Sku.objects.filter(product=product).order_by("position")
        assert list(rows.values_list("price_fen", "compare_at_fen")) == [
            (10_000, None),
            (1_100, 2_200),
            (1_200, 2_300),
            (10_000, None),
        ]
        units = rows.values_list("stocks__on_hand", flat=True)
        assert list(units) == [9, 9, None, None]
    assert clerk.complaints == []


def test_prices_in_bulk_from_the_list_to_undo(browser: Browser, site: str) -> None:
    desk = make_desk((10_000, 5_000))
    make_flash(desk.shop, 9_000)
    clerk = at_the_desk(browser, "goods-bulk")
    enter(clerk, desk, site)
    page = clerk.page
    page.goto(site + desk.url("products"))
    for box in page.locator("input[name=product]").all():
        box.check()
    look(clerk, "chosen")
    page.locator("form#bulk").get_by_role("button", name="批量改价").click()
    page.wait_for_url("**/products/prices?*")
    page.fill("[name=value]", "-15")
    page.select_option("[name=ending]", "90")
    page.locator("[name=value]").press("Enter")
    expect(page.locator("table")).to_contain_text("42.90")
    expect(page.locator("table")).to_contain_text("秒杀价")
    look(clerk, "preview")
    page.get_by_role("button", name="修改 1 个价格").click()
    page.wait_for_url("**/batches/*")
    expect(page.locator("#batch")).to_contain_text("42.90")
    expect(page.get_by_role("button", name="撤销这次改动")).to_be_visible(timeout=10_000)
    look(clerk, "done")
    page.get_by_role("button", name="撤销这次改动").click()
    expect(page.locator("h1")).to_contain_text("撤销中")
    with merchant_scope(desk.shop.merchant_id):
        assert sorted(Sku.objects.values_list("price_fen", flat=True)) == [4_290, 10_000]
    assert clerk.complaints == []


@pytest.mark.parametrize(("dark", "scripts"), [(False, True), (True, False)])
def test_all_of_it_is_looked_at(browser: Browser, site: str, dark: bool, scripts: bool) -> None:
    desk, product = full_desk()
    shop = desk.shop
    run = queue_import(
        shop.merchant_id, io.BytesIO(CSV), file_name="杯.csv", currency="CNY", actor=shop.owner
    )
    run_import(shop.merchant_id, run.id)
    with merchant_scope(shop.merchant_id):
        sku = Sku.objects.filter(product=product).order_by("position")[0]
    parts = {"product_id": product.id}
    language = "en" if dark else "zh-hans"
    for visitor in (
        on_the_phone(browser, f"goods-phone{'-dark' * dark}", dark=dark, scripts=scripts),
        at_the_desk(browser, f"goods-wide{'-english' * dark}"),
    ):
        enter(visitor, desk, site)
        cookie = {"name": "django_language", "value": language, "url": site}
        visitor.page.context.add_cookies([cookie])  # type: ignore[list-item]  # as the browser takes it
        for what, url in {
            "list": desk.url("products"),
            "record": desk.url("product", **parts),
            "new": desk.url("product_new"),
            "edit": desk.url("product_edit", **parts),
            "grid": desk.url("product_grid", **parts),
            "options": desk.url("product_options", **parts),
            "pictures": desk.url("product_pictures", **parts),
            "sku": desk.url("sku", sku_id=sku.id, **parts),
            "prices": desk.url("bulk_prices") + f"?product={product.id}",
            "switch": desk.url("bulk_switch") + f"?product={product.id}&do=hide",
            "batches": desk.url("batches"),
            "stocks": desk.url("stocks"),
            "take": desk.url("stock_take"),
            "imports": desk.url("imports"),
            "import": desk.url("import", run_id=run.id),
            "undo": desk.url("import_undo", run_id=run.id),
        }.items():
            visitor.page.goto(site + url)
            look(visitor, what)


def test_nothing_is_there_yet(browser: Browser, site: str) -> None:
    desk = make_desk(())
    clerk = at_the_desk(browser, "goods-empty")
    enter(clerk, desk, site)
    for name in ("products", "batches", "stocks", "stock_take", "bulk_prices", "bulk_switch"):
        clerk.page.goto(site + desk.url(name))
        look(clerk, name)
