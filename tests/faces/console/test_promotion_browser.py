"""Promotions in Chromium: made by keyboard at the desk, looked at on a phone, also in the dark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from tests.faces.console.support import Desk, make_desk, paid_order, place_order
from tests.faces.console.test_freight_browser import TOO_SMALL, TOO_WIDE
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.support.promoting import make_coupon, make_flash, make_group_buy
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.pricing import Choice

pytestmark = pytest.mark.browser


def enter(visitor: Visitor, desk: Desk, site: str) -> None:
    name = settings.SESSION_COOKIE_NAME
    cookie = desk.client().cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])


def look(visitor: Visitor, what: str) -> None:
    """Nothing sticks out, everything can be hit, the browser does not complain."""
    visitor.picture(what)
    assert visitor.page.evaluate(TOO_WIDE) <= 0
    if visitor.page.viewport_size == {"width": 390, "height": 844}:
        assert visitor.page.evaluate(TOO_SMALL) == []
    assert visitor.complaints == []


def filled_desk() -> tuple[Desk, Promotion]:
    """One of each state, with orders."""
    desk = make_desk((10_000, 6_800), stock=50)
    shop, now = desk.shop, clock.now()
    make_coupon(shop, 2_000, threshold_fen=10_000, code="SPRING", quota=100, title="春日券")
    make_flash(shop, 7_000, starts_at=now + timedelta(hours=3), ends_at=now + timedelta(days=2))
    flash = make_flash(shop, 8_800, quota=10, per_member=2)
    make_group_buy(shop, 8_000)
    for units in (2, 1, 2):
        place_order(shop, units, skus=shop.skus[:1])
    return desk, flash


def test_a_flash_sale_is_made_by_keyboard(browser: Browser, site: str) -> None:
    desk, clerk = make_desk((10_000,)), at_the_desk(browser, "promotions-desk")
    enter(clerk, desk, site)
    page = clerk.page
    page.goto(site + desk.url("promotions"))
    look(clerk, "empty")
    page.get_by_role("link", name="新建活动").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/promotions/new")
    look(clerk, "kinds")
    page.get_by_role("link", name="限时特价").focus()
    page.keyboard.press("Enter")
    page.locator("[name=title]").focus()
    page.keyboard.type("周末秒杀")
    page.select_option("[name=sku_id]", index=1)
    page.locator("[name=price_fen]").focus()
    page.keyboard.type("100")
    begin, end = clock.now() - timedelta(hours=1), clock.now() + timedelta(days=2)
    page.fill("[name=starts_at]", f"{begin:%Y-%m-%dT%H:%M}")
    page.fill("[name=ends_at]", f"{end:%Y-%m-%dT%H:%M}")
    page.fill("[name=quota]", "50")
    look(clerk, "form")
    page.locator("[name=quota]").press("Enter")
    expect(page.locator("#id_price_fen_error")).to_contain_text("100.00")
    clerk.complaints.clear()  # of the status 422
    look(clerk, "refused")
    page.fill("[name=price_fen]", "88")
    page.locator("[name=quota]").press("Enter")
    expect(page.locator(".effects")).to_contain_text("¥100.00 → ¥88.00")
    look(clerk, "preview")
    page.get_by_role("button", name="创建").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/promotions/*-*")
    look(clerk, "made")
    with merchant_scope(desk.shop.merchant_id):
        assert Promotion.objects.get().price_fen == 8_800


@pytest.mark.parametrize(("dark", "scripts"), [(False, True), (True, False)])
def test_they_are_looked_at_on_a_phone(browser: Browser, site: str, dark: bool, scripts: bool) -> None:
    desk, flash = filled_desk()
    waiting = paid_order(desk.shop, skus=desk.shop.skus[:1], choice=Choice(open_group=True))
    for visitor in (
        on_the_phone(browser, f"promotions-phone{'-dark' * dark}", dark=dark, scripts=scripts),
        at_the_desk(browser, f"promotions-wide{'-plain' * dark}"),
    ):
        enter(visitor, desk, site)
        for what, url in {
            "list": desk.url("promotions"),
            "record": desk.url("promotion", promotion_id=flash.id),
            "change": desk.url("promotion_change", promotion_id=flash.id),
            "stop": desk.url("promotion_stop", promotion_id=flash.id),
            "coupon": desk.url("promotion_new") + "?kind=coupon",
            "order": desk.url("order", order_id=waiting),
        }.items():
            visitor.page.goto(site + url)
            look(visitor, what)
