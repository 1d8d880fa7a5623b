"""The whole loop by hand, as a newcomer walks it: `tongdao demo`, a phone, a desk, real sandboxes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.loop.desk import ship, sign_in
from tests.loop.shopping import choose_and_buy, give_address, give_address_step_by_step, order, pay
from tests.stack import Stack
from tests.support.browsing import Visitor, at_the_desk, on_the_phone

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def table(demo: Stack) -> dict[str, tuple[str, str]]:
    """What the demo prints: what → (where, sign in)."""
    rows = json.loads((Path(demo.data_dir) / "demo.json").read_text("utf-8"))
    paths = {row["what"]: re.sub(r"^https?://[^/]+", "", row["where"]) for row in rows}
    return {row["what"]: (demo.url("web") + paths[row["what"]], row["sign_in"]) for row in rows}


def buy(demo: Stack, buyer: Visitor) -> str:
    """From the promoter's link to a paid order; the address of its page."""
    choose_and_buy(buyer, table(demo)["promoter's link to a product"][0])
    give_address(buyer)
    order(buyer)
    return pay(buyer)


def on_the_books(books: Visitor) -> tuple[int, int]:
    """What buyers have paid in all, and what of it is held for the shop, in fen."""
    books.page.locator("a[href$='/money']").first.click()
    through = books.page.get_by_role("row").filter(has_text="待分配的付款")
    held = books.page.locator(".card").filter(has_text="为您保留")
    went_out, balance = (re.search(r"¥([\d,]+\.\d\d)", one.first.inner_text()) for one in (through, held))
    assert went_out is not None, "no account of payments"
    assert balance is not None, "no card of what is held"
    return fen(went_out[1]), fen(balance[1])


def fen(yuan: str) -> int:
    return int(re.sub(r"[,.]", "", yuan))


def test_from_a_promoters_link_to_a_sale_on_the_books(demo: Stack, browser: Browser) -> None:
    buyer, clerk = on_the_phone(browser), at_the_desk(browser)
    books = Visitor(browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN"), "finance")
    where, who = table(demo)["console (finance)"]
    sign_in(books, where, *who.split())
    paid_before, held_before = on_the_books(books)
    order_page = buy(demo, buyer)
    number = re.search(r"\d{18}", buyer.page.inner_text("body"))
    assert number is not None
    where, who = table(demo)["console (operations)"]
    sign_in(clerk, where, *who.split())
    ship(clerk, number[0])

    buyer.page.goto(order_page)
    buyer.reload_until("已签收")
    buyer.picture("delivered")
    buyer.page.get_by_role("link", name="确认收货").click()
    buyer.picture("confirm")
    buyer.page.locator("main form button").first.click()
    buyer.reload_until("已完成")
    buyer.picture("completed")

    paid, held = on_the_books(books)
    assert paid - paid_before == 188_00
    assert 150_00 < held - held_before < 188_00  # less the channel's and the promoter's
    books.picture("books")
    verified = demo.run("manage", "ledger_verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert [*buyer.complaints, *clerk.complaints, *books.complaints] == []


def test_a_buyer_cancels_before_shipping_and_has_the_money_back(demo: Stack, browser: Browser) -> None:
    buyer = on_the_phone(browser, "cancelling", dark=True)
    order_page = buy(demo, buyer)
    buyer.page.get_by_role("link", name="取消订单").click()
    buyer.picture("question")
    buyer.page.locator("[name=reason]").first.check()
    buyer.page.locator("main form button").last.click()
    buyer.page.goto(order_page)
    buyer.reload_until("已退款")
    buyer.picture("refunded")
    assert buyer.complaints == []


def control(demo: Stack, path: str, **body: object) -> dict[str, object]:
    """What the payment sandbox does at will."""
    token = (Path(demo.data_dir) / "sandboxes" / "wechatpay" / "control.token").read_text("utf-8")
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{demo.url('wechatpay')}/_control{path}"
    method = "POST" if body else "GET"
    answer = httpx.request(method, url, json=body or None, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_without_scripts_a_buyer_gives_up_and_a_late_payment_comes_back(
    demo: Stack, browser: Browser
) -> None:
    buyer = on_the_phone(browser, "plain", scripts=False)
    page = buyer.page
    choose_and_buy(buyer, table(demo)["promoter's link to a product"][0])
    give_address_step_by_step(buyer)
    order(buyer)
    trade_no = re.search(r"[0-9a-f]{32}", page.inner_text("body"))
    assert trade_no is not None
    page.get_by_role("button", name="取消").click()
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}"))
    order_page = page.url.split("?")[0]
    page.goto(order_page)
    page.locator("a[href$='/close']").click()
    buyer.picture("question")
    page.locator("main form button").first.click()
    page.goto(order_page)
    buyer.reload_until("已关闭")
    control(demo, "/pay", out_trade_no=trade_no[0], force=True)
    page.goto(order_page)
    buyer.reload_until("已退款")
    buyer.picture("refunded")
