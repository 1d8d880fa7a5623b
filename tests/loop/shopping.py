"""What a buyer does on the phone, step by step."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.support.browsing import Visitor


def choose_and_buy(buyer: Visitor, link: str) -> None:
    """Follow a promoter's link to a product, choose, and go to the checkout."""
    page = buyer.page
    page.goto(link)
    expect(page.get_by_text("推荐")).to_be_visible()
    buyer.picture("product")
    page.get_by_role("link", name="立即购买").click()
    page.locator("#choose input[name=option2][value='160 ml']").check()
    buyer.picture("sheet")
    page.locator("#choose").get_by_role("button", name="立即购买").click()
    page.wait_for_url(re.compile(r"/checkout\b"))


def give_address(buyer: Visitor) -> None:
    page = buyer.page
    page.fill("[name=recipient]", "林小满")
    page.fill("[name=phone]", "138 1234 5678")
    for level, name in (("province", "浙江省"), ("city", "杭州市"), ("county", "西湖区")):
        page.locator(f"[name={level}]").wait_for()
        page.select_option(f"[name={level}]", label=name)
    page.fill("[name=detail]", "文三路 90 号 2 单元 501")
    buyer.picture("checkout")


def order(buyer: Visitor) -> None:
    """Submit; the payment page of the channel opens."""
    buyer.page.get_by_role("button", name="提交并支付").click()
    buyer.page.wait_for_url(re.compile(r"/checkmweb\b"))


def pay(buyer: Visitor) -> str:
    """Pay at the channel and come back; the address of the order's page."""
    buyer.picture("channel")
    buyer.page.get_by_role("button", name="支付").click()
    buyer.page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}"))
    buyer.reload_until("款项已到账")
    buyer.picture("paid")
    return buyer.page.url.split("?")[0]


def give_address_step_by_step(buyer: Visitor) -> None:
    """Without scripts the page asks for one level of the region at a time."""
    page = buyer.page
    for level, name in (("province", "浙江省"), ("city", "杭州市"), ("county", "西湖区")):
        page.fill("[name=recipient]", "林小满")
        page.fill("[name=phone]", "13812345678")
        page.fill("[name=detail]", "文三路 90 号 2 单元 501")
        page.select_option(f"[name={level}]", label=name)
        if level != "county":
            page.locator("button[name=step]").first.click()
    buyer.picture("checkout")
