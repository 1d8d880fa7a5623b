"""The operators' desk in Chromium: desk and phone, light and dark, both languages, the strict policy."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.faces.console.test_freight_browser import TOO_WIDE
from tests.faces.operator.support import REASON, Someone, World, at
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tongdao.faces.operator.lists import LISTS

pytestmark = pytest.mark.browser
LIST_NAMES = [admin.address for _model, admin in LISTS]


def enter(visitor: Visitor, operator: Someone, site: str) -> None:
    name = settings.SESSION_COOKIE_NAME
    value = operator.browser().cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": value, "url": site}])


def look(visitor: Visitor, site: str, world: World) -> None:
    urls = {name: at(name) for name in LIST_NAMES} | world.pages()
    urls |= {"suspend": at("merchant_suspend", world.shop.merchant_id), "none": at("merchants") + "?q=zzzz"}
    for name, url in urls.items():
        answer = visitor.page.goto(site + url)
        assert answer and answer.status == 200, name
        visitor.picture(name)
        assert visitor.page.evaluate(TOO_WIDE) <= 0, name
    assert visitor.complaints == []


def test_the_desk_by_day(browser: Browser, site: str, operator: Someone, world: World) -> None:
    visitor = at_the_desk(browser, "operator-desk")
    enter(visitor, operator, site)
    look(visitor, site, world)
    page = visitor.page
    assert page.locator(".op-nav-body").is_visible(), "the menu is open where there is room"
    page.goto(site + at("person", world.person_id))
    page.get_by_role("link", name="显示姓名和号码").click()
    page.get_by_label("原因").fill(REASON)
    page.get_by_role("button", name="显示").click()
    page.get_by_text("仅显示这一次").wait_for()
    visitor.picture("unmasked")
    page.goto(site + at("deeds"))
    assert page.get_by_text(REASON).first.is_visible()
    assert visitor.complaints == []


def test_the_phone_by_night(browser: Browser, site: str, operator: Someone, world: World) -> None:
    visitor = on_the_phone(browser, "operator-phone-dark", dark=True)
    enter(visitor, operator, site)
    look(visitor, site, world)
    page = visitor.page
    page.goto(site + at("index"))
    assert page.evaluate("document.documentElement.classList.contains('dark')")
    assert not page.locator(".op-nav-body").is_visible()
    page.locator("summary.op-nav-head").click()
    page.get_by_role("link", name="商家", exact=True).first.wait_for()
    visitor.picture("menu")


def test_the_way_in_and_english(browser: Browser, site: str, operator: Someone, world: World) -> None:
    visitor = on_the_phone(browser, "operator-door", scripts=False)
    visitor.page.goto(site + at("index"))
    visitor.picture("sign-in")
    visitor.page.get_by_role("button", name="English").click()
    visitor.page.get_by_text("Tongdao platform").first.wait_for()
    enter(visitor, operator, site)
    for name in ("index", "merchants", "switches", "readers"):
        visitor.page.goto(site + at(name))
        visitor.picture(f"english-{name}")
        assert visitor.page.evaluate(TOO_WIDE) <= 0
