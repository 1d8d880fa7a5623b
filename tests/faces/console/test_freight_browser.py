"""Freight templates in Chromium: by keyboard at the desk, with a finger on the phone, without scripts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, expect

from tests.faces.console.support import Desk, make_desk
from tests.support.browsing import Visitor, at_the_desk, chromium_at, on_the_phone
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.agreements.operations import TemplateDraft
from tongdao.terms.agreements.queries import template_records

pytestmark = pytest.mark.browser
TOO_SMALL = """
[...document.querySelectorAll("main :is(a, button, summary, .chip, input):not(.sr, .chip *)")]
  .filter((spot) => spot.checkVisibility({visibilityProperty: true}) && spot.type !== "checkbox")
  .map((spot) => [spot.textContent.trim(), spot.getBoundingClientRect().height])
  .filter(([, height]) => height < 44)
"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            super().finish_request(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture(scope="module")
def site(cluster: object) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threaded, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread, which Django takes for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium_at(chromium) as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def enter(visitor: Visitor, desk: Desk, site: str) -> None:
    """Signed in as the owner, at the list of templates."""
    name = settings.SESSION_COOKIE_NAME
    cookie = desk.client().cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])
    visitor.page.goto(site + desk.url("freight"))


def drafts(desk: Desk) -> list[TemplateDraft]:
    with merchant_scope(desk.shop.merchant_id):
        return [record.draft for record in template_records()]


def test_a_template_by_keyboard_alone(browser: Browser, site: str) -> None:
    desk, visitor = make_desk(), at_the_desk(browser, "freight-desk")
    enter(visitor, desk, site)
    page = visitor.page
    visitor.picture("none-yet")
    page.get_by_role("link", name="新建模板").first.press("Enter")
    page.get_by_label("模板名称").fill("快递")
    page.get_by_role("button", name="为部分地区添加规则").press("Enter")
    page.get_by_role("group", name="省份").get_by_role("checkbox", name="新疆维吾尔自治区").press("Space")
    near, rest = page.locator("section#rule-1"), page.locator("section.card").last
    for section, price in ((near, "25"), (rest, "8")):
        section.get_by_label("首重价格").fill(price)
        section.get_by_label("续重价格").fill("3")
    visitor.picture("typed")
    rest.get_by_label("续重价格").press("Enter")  # Enter saves; it takes no rule out
    page.get_by_text("模板已启用").wait_for()
    page.get_by_label("寄往").select_option(label="新疆维吾尔自治区")
    page.get_by_role("button", name="计算").press("Enter")
    page.get_by_text("¥25.00 · 1 个包裹").wait_for()
    visitor.picture("saved")
    assert page.evaluate(TOO_WIDE) <= 0
    assert visitor.complaints == []
    (draft,) = drafts(desk)
    assert [(rule.prefixes, rule.first_fee_fen) for rule in draft.rules] == [(("65",), 2_500), ((), 800)]


@pytest.mark.parametrize("dark", [False, True])
def test_a_template_on_the_phone_without_scripts(browser: Browser, site: str, dark: bool) -> None:
    desk = make_desk()
    visitor = on_the_phone(browser, f"freight-phone-{'dark' if dark else 'light'}", dark=dark, scripts=False)
    enter(visitor, desk, site)
    page = visitor.page
    page.get_by_role("link", name="新建模板").first.tap()
    page.get_by_label("模板名称").fill("大件")
    page.get_by_role("button", name="为部分地区添加规则").tap()
    page.locator(".chip", has_text="浙江省").tap()
    page.locator("section#rule-1").get_by_label("首重价格").fill("6")
    visitor.picture("typed")
    page.get_by_role("button", name="保存").last.tap()
    expect(page.locator(".field-wrong")).to_have_count(3)  # the prices that are missing
    visitor.picture("wrong")
    page.locator("section#rule-1").get_by_label("续重价格").fill("2")
    page.locator("section.card").last.get_by_label("这里不送达").check()
    page.get_by_role("button", name="保存").last.tap()
    page.get_by_text("模板已启用").wait_for()
    visitor.picture("saved")
    page.get_by_role("link", name="选择商品").tap()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="勾选的商品用这个模板").tap()
    page.get_by_text("1 件商品从现在起换了运费模板").wait_for()
    visitor.picture("products")
    page.goto(site + desk.url("freight"))
    visitor.picture("list")
    assert [rule.not_served for rule in drafts(desk)[0].rules] == [False, True]


def test_everything_can_be_tapped_and_fits_the_phone(browser: Browser, site: str) -> None:
    desk, visitor = make_desk(), on_the_phone(browser, "freight-tap")
    enter(visitor, desk, site)
    page = visitor.page
    page.goto(site + desk.url("freight_new"))
    page.get_by_role("button", name="为部分地区添加规则").tap()
    page.locator("section#rule-1").wait_for()
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate(TOO_WIDE) <= 0
    assert visitor.complaints == []
