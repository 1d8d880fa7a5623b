"""The checkout and signing in without a mouse: each stop is reached by Tab, is seen, and does its work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.shop.visits import Visit
from tests.support.builders import Shop
from tests.support.people import PASSWORD, with_password

pytestmark = pytest.mark.browser
FOCUS_IS_SEEN = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const label = here.closest('label') ? getComputedStyle(here.closest('label')) : style;
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || label.outlineStyle !== 'none';
}"""


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(20_000)
    return Visit(context).page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it has the focus; nothing on the way there may swallow it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate(FOCUS_IS_SEEN), selector
            return
    raise AssertionError(f"{selector} is not reached by the keyboard")


def test_from_a_product_to_the_payment(page: Page, site: str, paid_shop: Shop) -> None:
    page.goto(f"{site}/s/{paid_shop.slug}/p/tea-1")
    tab_to(page, ".buy-bar .button-primary")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('.sheet')")
    tab_to(page, ".sheet .foot .button-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout?**")
    for name, typed in (("recipient", "林小满"), ("phone", "13812345678")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(typed)
    tab_to(page, "[name=province]")
    page.locator("[name=province]").select_option("330000")  # what arrow keys do differs by system
    page.wait_for_selector("[name=city]")
    page.locator("[name=city]").select_option("330100")
    page.wait_for_selector("[name=county]")
    page.locator("[name=county]").select_option("330106")
    tab_to(page, "[name=detail]")
    page.keyboard.type("同道路 1 号")
    tab_to(page, "[name=keep]")
    page.keyboard.press("Space")
    tab_to(page, "#pay .button-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scan*")


def test_signing_in_and_out(page: Page, site: str, shop: Shop) -> None:
    _, name = with_password()
    page.goto(f"{site}/s/{shop.slug}/sign-in")
    tab_to(page, "[name=sign_in_name]")
    page.keyboard.type(name)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me")
    page.goto(f"{site}/s/{shop.slug}/me/security")
    tab_to(page, "form[action$='/sign-out'] button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/s/{shop.slug}/")


def test_the_first_stop_leads_past_the_head(page: Page, site: str, shop: Shop) -> None:
    page.goto(f"{site}/s/{shop.slug}/")
    tab_to(page, "a.skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_heart_is_pressed_and_the_cards_of_what_was_seen_are_drawn(
    page: Page, site: str, shop: Shop
) -> None:
    page.goto(f"{site}/s/{shop.slug}/p/tea-1")
    tab_to(page, ".titled .heart")
    with page.expect_response("**/favourites") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    page.goto(f"{site}/s/{shop.slug}/")
    expect(page.locator(".heart")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{site}/s/{shop.slug}/seen")
    expect(page.locator(".good .title")).to_have_text(["云雾茶 1"])
    tab_to(page, "[data-seen-list] button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-seen-none]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-seen-none]")).to_be_visible()
