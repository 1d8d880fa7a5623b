"""Two accounts become one on a phone in real Chromium, by a code to the other's number; and back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faces.shop.test_browser import TOO_SMALL
from tests.faces.shop.visits import SCREEN, Visit
from tests.support.builders import Shop, a_request, place_one
from tests.support.people import PASSWORD, with_number, with_password

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parents[3] / "build" / "screenshots"


def phone(
    browser: Browser,
    *,
    scripts: bool = True,
    locale: str = "zh-CN",
    scheme: Literal["light", "dark"] = "light",
) -> BrowserContext:
    return browser.new_context(
        viewport=SCREEN,
        locale=locale,
        color_scheme=scheme,
        java_script_enabled=scripts,
        is_mobile=True,
        has_touch=True,
    )


def sign_in(page: Page, site: str, shop: Shop, name: str) -> None:
    page.goto(f"{site}/s/{shop.slug}/sign-in")
    page.locator("[name=sign_in_name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"{site}/s/{shop.slug}/me")


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"accounts-{name}.png", full_page=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_by_a_code_to_the_others_number_and_back(
    site: str, browser: Browser, shop: Shop, scripts: bool
) -> None:
    (_one, name), (other, number) = with_password(), with_number(ago=timedelta(days=1))
    place_one(a_request(shop, person_id=other.pk), shop)
    visit = Visit(phone(browser, scripts=scripts))
    page = visit.page
    sign_in(page, site, shop, name)
    page.get_by_role("link", name="账号", exact=True).click()
    page.get_by_role("link", name="用它的手机验证码").click()
    page.locator("[name=phone]").fill(number)
    page.locator("main form button").first.click()
    shown = page.locator(".notice p").first.inner_text()
    page.locator("[name=code]").fill(shown)
    page.locator("main form button").first.click()
    expect(page.get_by_text("会带过来的")).to_be_visible()
    expect(page.locator(".brought").get_by_text("订单")).to_be_visible()
    picture(page, f"merge-{scripts}")
    page.get_by_role("button", name="合并").click()
    expect(page.get_by_text("两个账号已合为一个。")).to_be_visible()
    expect(page.get_by_text(f"{number[0]}******{number[-4:]}")).to_be_visible()
    page.get_by_role("link", name="撤销").click()
    expect(page.get_by_text("之后下的 0 个订单")).to_be_visible()
    page.get_by_role("button", name="重新分开").click()
    expect(page.get_by_text("已重新分为两个账号。")).to_be_visible()
    assert visit.complaints == []


def test_a_yes_and_a_no_by_one_tap_each(site: str, browser: Browser, shop: Shop) -> None:
    _, name = with_password()
    visit = Visit(phone(browser))
    page = visit.page
    sign_in(page, site, shop, name)
    page.get_by_role("link", name="隐私与授权").click()
    card = page.locator("section", has_text="个性化推荐")
    card.get_by_role("button", name="我同意").click()
    expect(card.get_by_text("已同意")).to_be_visible()
    card.get_by_role("button", name="不再同意").click()
    expect(card.get_by_text("已拒绝")).to_be_visible()
    page.goto(f"{site}/s/{shop.slug}/me/notifications")
    page.get_by_role("button", name="新品和优惠, 微信").click()
    expect(page.get_by_role("button", name="新品和优惠, 微信")).to_have_text("已开")
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_nothing_is_too_small_for_a_thumb_or_too_wide(
    site: str, browser: Browser, shop: Shop, locale: str, scheme: Literal["light", "dark"]
) -> None:
    _, name = with_password()
    page = Visit(phone(browser, locale=locale, scheme=scheme)).page
    sign_in(page, site, shop, name)
    for there in ("me/accounts", "me/consents", "me/notifications"):
        page.goto(f"{site}/s/{shop.slug}/{there}")
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
        assert page.evaluate(TOO_SMALL) == [], there
        picture(page, f"{there.replace('/', '-')}-{locale}-{scheme}")
