"""The kitchen's pages in a real browser: nothing refused, nothing too wide, targets large enough."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tongdao.faces.kit.views import PAGES

pytestmark = [pytest.mark.pure, pytest.mark.browser]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

CONTROLS = "a[href]:not(.veil), button, input:not([type=hidden]), select, textarea, summary"
SMALL = """(controls) => [...document.querySelectorAll(controls)]
  .filter((spot) => !spot.closest(".sheet, .skip") && spot.checkVisibility({visibilityProperty: true}))
  .map((spot) => [spot, spot.closest("label.check, label.chip, .pick label") || spot])
  .map(([spot, target]) => [spot, target.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .map(([spot, box]) => [Math.round(box.width), Math.round(box.height), spot.outerHTML.slice(0, 90)])"""
NAMELESS = """(controls) => [...document.querySelectorAll(controls)]
  .filter((spot) => !(spot.labels && spot.labels.length) && !spot.getAttribute("aria-label")
    && !spot.textContent.trim() && !spot.querySelector("[aria-label]"))
  .map((spot) => spot.outerHTML.slice(0, 90))"""
OUTLINE = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .filter((spot) => spot.checkVisibility({visibilityProperty: true}))
  .map((spot) => Number(spot.tagName[1]))"""
WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


def _open(browser: Any, address: str, size: dict[str, int], **options: Any) -> tuple[Any, list[str]]:
    page = browser.new_context(viewport=size, **options).new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    assert page.goto(address).status == 200
    return page, wrong


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_a_thumb(kitchen: str, browser: Any, name: str, language: str) -> None:
    page, wrong = _open(browser, f"{kitchen}page/{name}/?lang={language}", PHONE)
    assert wrong == []
    assert page.evaluate(WIDE) <= 0
    assert page.evaluate(SMALL, CONTROLS) == []
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_well_at_a_desk(kitchen: str, browser: Any, name: str) -> None:
    page, wrong = _open(browser, f"{kitchen}page/{name}/?theme=dark", DESK)
    assert wrong == []
    assert page.evaluate(WIDE) <= 0
    assert page.evaluate(NAMELESS, CONTROLS) == []
    outline = page.evaluate(OUTLINE)
    assert outline.count(1) <= 1
    assert all(after - before <= 1 for before, after in pairwise(outline))
    assert page.locator("main").count() == 1
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 21, 19)"
    page.context.close()


def test_the_whole_kitchen_fits_a_phone(kitchen: str, browser: Any) -> None:
    page, wrong = _open(browser, f"{kitchen}?lang=en", PHONE)
    assert wrong == []
    assert page.evaluate(WIDE) <= 0
    assert page.evaluate(NAMELESS, CONTROLS) == []
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_sheet_opens_and_closes(kitchen: str, browser: Any, scripts: bool) -> None:
    page, _ = _open(browser, f"{kitchen}page/product/", PHONE, java_script_enabled=scripts)
    sheet = page.locator("#choose .panel")
    assert not sheet.is_visible()
    page.locator(".buy-bar .button-primary").click()
    sheet.wait_for(state="visible")
    page.locator("#choose .close").click()
    sheet.wait_for(state="hidden")
    page.context.close()


def test_escape_closes_the_sheet_and_focus_returns(kitchen: str, browser: Any) -> None:
    page, _ = _open(browser, f"{kitchen}page/product/", PHONE)
    page.locator(".buy-bar .button-primary").click()
    page.locator("#choose .panel").wait_for(state="visible")
    page.locator("#choose :focus").wait_for(state="attached")
    page.keyboard.press("Escape")
    page.locator("#choose .panel").wait_for(state="hidden")
    page.locator(".buy-bar .button-primary:focus").wait_for()
    page.context.close()


def test_choosing_shows_price_and_stock(kitchen: str, browser: Any) -> None:
    page, _ = _open(browser, f"{kitchen}page/product/?lang=en#choose", PHONE)
    assert page.locator("[data-sku-stock]").inner_text() == "12 in stock"
    page.locator("label.chip", has_text="240 ml").click()
    assert page.locator("[data-sku-price]").inner_text() == "¥78.00"
    plus = page.locator("#choose [data-step='1']")
    for _ in range(5):
        plus.click()
    assert page.locator("#choose input[name=quantity]").input_value() == "3"
    page.locator("label.chip", has_text="雨青").click()
    assert page.locator("[data-sku-stock]").inner_text() == "This combination is not made"
    assert page.locator("[data-sku-submit]").first.is_disabled()
    page.context.close()


def test_a_form_goes_out_once(kitchen: str, browser: Any) -> None:
    page, _ = _open(browser, f"{kitchen}page/sign-in/", PHONE)
    page.evaluate(
        "window.sent = 0; document.addEventListener('submit', (e) => {"
        " if (!e.defaultPrevented) window.sent += 1; e.preventDefault(); })"
    )
    page.evaluate(
        "document.querySelectorAll('[required]').forEach((spot) => spot.removeAttribute('required'))"
    )
    button = page.locator("form button")
    button.click()
    button.click()
    assert page.evaluate("window.sent") == 1
    assert button.get_attribute("aria-busy") == "true"
    page.context.close()
