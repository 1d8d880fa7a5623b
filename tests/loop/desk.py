"""What the shop's staff do in the console."""

from __future__ import annotations

import re

from tests.support.browsing import Visitor


def sign_in(clerk: Visitor, console: str, name: str, password: str) -> None:
    page = clerk.page
    page.goto(console)
    clerk.picture("sign-in")
    page.fill("[name=sign_in_name]", name)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"/m/[0-9a-f-]{36}/$"))
    clerk.picture("home")


def ship(clerk: Visitor, number: str) -> None:
    """Find the order among those to ship, and ask the carrier for a waybill."""
    page = clerk.page
    page.get_by_role("link", name="待发货").first.click()
    page.wait_for_url(re.compile(r"/to-ship"))
    clerk.picture("to-ship")
    page.get_by_role("link", name=number).click()
    page.wait_for_url(re.compile(r"/ship$"))
    clerk.picture("ship")
    page.locator("main form button.button-primary").click()
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
    clerk.picture("shipped")
