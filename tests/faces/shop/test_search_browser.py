"""Searching in Chromium on a phone: lines while typing, marks, memory of this device, and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.shop.visits import SCREEN, Visit
from tests.goods.search.shelves import Goods, put
from tests.support.browsing import PHONE_AGENT, PICTURES
from tests.support.builders import Shop, make_shop

pytestmark = pytest.mark.browser
WIDE = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    made = make_shop()
    put(
        made,
        Goods("西湖龙井茶 明前特级 250g", product_type="绿茶", codes=["LJ-001"]),
        Goods("龙井茶礼盒 送长辈", product_type="礼盒"),
        Goods("安溪铁观音 浓香型", product_type="乌龙茶"),
    )
    return made


def phone(browser: Browser, language: str, scheme: str, *, scripts: bool = True) -> Visit:
    context = browser.new_context(
        viewport=SCREEN,
        locale=language,
        user_agent=PHONE_AGENT,
        is_mobile=True,
        has_touch=True,
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    return Visit(context)


def picture(page: Page, name: str) -> None:
    assert page.evaluate(WIDE) <= SCREEN["width"]
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(PICTURES) / f"search-{name}.png", caret="initial")


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-US", "dark")])
def test_from_the_front_to_a_product(
    browser: Browser, site: str, shop: Shop, language: str, scheme: str
) -> None:
    visit = phone(browser, language, scheme)
    page = visit.page
    page.goto(f"{site}/s/{shop.slug}/")
    picture(page, f"{language}-front")
    page.fill("[name=q]", "lonjing")
    page.press("[name=q]", "Enter")
    page.wait_for_url("**/search?q=lonjing")
    expect(page.locator(".good mark").first).to_have_text("龙井")
    picture(page, f"{language}-guessed")
    page.goto(f"{site}/s/{shop.slug}/search")
    expect(page.locator("[data-recent] .chip")).to_have_text(["lonjing"])
    picture(page, f"{language}-recent")
    page.locator("#search").press_sequentially("tieg", delay=30)
    expect(page.locator("#suggestions li").first).to_contain_text("安溪铁观音")
    expect(page.locator("#suggestions mark")).to_have_text("铁观")
    picture(page, f"{language}-typing")
    page.locator("#suggestions a").first.click()
    page.wait_for_url("**/p/p-*")
    assert visit.complaints == []


def test_the_memory_is_this_devices_and_can_be_cleared(browser: Browser, site: str, shop: Shop) -> None:
    visit = phone(browser, "zh-CN", "light")
    page = visit.page
    for word in ("龙井", "铁观音", "龙井"):
        page.goto(f"{site}/s/{shop.slug}/search?q={word}")
    page.goto(f"{site}/s/{shop.slug}/search?q=咖啡")  # nothing found: not worth remembering
    expect(page.locator("[data-recent] .chip")).to_have_text(["龙井", "铁观音"])
    picture(page, "zh-CN-empty")
    assert [cookie["name"] for cookie in page.context.cookies() if "search" in cookie["name"]] == []
    page.locator("[data-recent] button").click()
    page.reload()
    expect(page.locator("[data-recent]")).to_be_hidden()
    assert visit.complaints == []


def test_without_scripts_it_works_too(browser: Browser, site: str, shop: Shop) -> None:
    visit = phone(browser, "zh-CN", "light", scripts=False)
    visit.page.goto(f"{site}/s/{shop.slug}/search")
    visit.page.fill("[name=q]", "tieguanyin")
    visit.page.get_by_role("button", name="搜索").click()
    expect(visit.page.locator(".good mark").first).to_have_text("铁观音")
