"""The service desk in Chromium: case after case by keyboard alone, and on the phone."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.faces.console.support import Desk
from tests.faces.console.test_freight_browser import TOO_SMALL, TOO_WIDE
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.support.complaining import Sale, sold
from tongdao.trade.aftersales.models import AfterSale

pytestmark = pytest.mark.browser


def enter(visitor: Visitor, sale: Sale, site: str, case: AfterSale) -> str:
    """Signed in as the owner, at the case; its address."""
    desk, name = Desk(sale.earner.shop), settings.SESSION_COOKIE_NAME
    cookie = desk.client().cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])
    address = site + desk.url("case", case_id=case.id)
    visitor.page.goto(address)
    return address


def test_one_is_refused_and_the_next_granted_by_keyboard_alone(browser: Browser, site: str) -> None:
    sale, visitor = sold(3), at_the_desk(browser, "case-desk")
    first, second = (sale.ask("refund_only", "quality", text="受潮") for _ in range(2))
    address = enter(visitor, sale, site, first)
    page = visitor.page
    page.keyboard.press("j")
    page.wait_for_url(f"**/{second.id}")
    page.keyboard.press("k")
    page.wait_for_url(address)
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")  # nothing is chosen beforehand
    page.keyboard.press("Tab")
    page.keyboard.type("出库前有质检")
    page.get_by_role("button", name="确认拒绝").press("Enter")
    page.get_by_text("已拒绝。买家会看到理由").wait_for()
    visitor.picture("refused")
    enter(visitor, sale, site, second)
    page.keyboard.press("g")
    page.get_by_role("button", name="退款 ¥128.00").press("Enter")
    page.locator(".notice-success").wait_for()
    assert [sale.case(each).state for each in (first, second)] == ["refused", "granted"]
    assert visitor.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_case_fits_the_phone_and_can_be_tapped(browser: Browser, site: str, dark: bool) -> None:
    sale = sold(1)
    visitor = on_the_phone(browser, f"case-phone-{'dark' if dark else 'light'}", dark=dark)
    enter(visitor, sale, site, sale.ask("return_refund", "damaged", text="破了"))
    page = visitor.page
    visitor.picture("asked")
    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(TOO_SMALL) == []
    page.get_by_role("link", name="拒绝").tap()
    assert page.locator("#refuse textarea").is_visible()
    assert page.evaluate(TOO_WIDE) <= 0
    assert visitor.complaints == []
