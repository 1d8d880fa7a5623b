"""A buyer inside WeChat, from a promoter's link to a review: signed in by WeChat, paid by WeChat."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.loop.desk import ship, sign_in
from tests.loop.shopping import choose_and_buy, give_address
from tests.loop.test_loop import table
from tests.stack import Stack
from tests.support.browsing import Visitor, at_the_desk
from tests.support.wechat import WECHAT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def in_wechat(browser: Browser, name: str, *, bridge: str = "") -> Visitor:
    """A phone with WeChat's own browser. `bridge` takes the place of the sandbox's."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        user_agent=WECHAT,
        has_touch=True,
        is_mobile=True,
    )
    if bridge:
        context.add_init_script(bridge)
    return Visitor(context, name)


def choose_user(page: Page, nickname: str) -> None:
    """On WeChat's page: who sits here, and that it is agreed to."""
    page.wait_for_url(re.compile(r"/connect/"))
    page.get_by_role("button", name=nickname).first.click()


def enter(demo: Stack, buyer: Visitor, nickname: str) -> None:
    """By the button on the sign-in page; the first time WeChat asks, too."""
    page = buyer.page
    page.get_by_role("link", name="首页").last.click()
    page.wait_for_url(re.compile(r"/s/tingxiu/$"))
    page.locator("a[href$='/me']:visible").first.click()
    page.locator("a[href*='/sign-in']").first.click()
    buyer.picture("sign-in")
    page.get_by_role("link", name="微信登录").click()
    choose_user(page, nickname)
    page.wait_for_url(re.compile(r"new=1"))
    buyer.picture("first-time")
    page.get_by_role("button", name="用微信继续").click()
    page.wait_for_url(re.compile(r"/connect/"))
    buyer.picture("consent")
    choose_user(page, nickname)
    page.wait_for_url(re.compile(r"/me$"))


def shared(page: Page) -> dict[str, Any]:
    """What WeChat was told of the page."""
    page.wait_for_function("() => window.wx && window.wx.__shared.chat")
    told: dict[str, Any] = page.evaluate("() => window.wx.__shared.chat")
    return told


def test_from_a_link_to_a_review_inside_wechat(demo: Stack, browser: Browser) -> None:
    buyer, clerk = in_wechat(browser, "wechat"), at_the_desk(browser, "wechat-clerk")
    page, link = buyer.page, table(demo)["promoter's link to a product"][0]
    page.goto(link)
    card = shared(page)
    assert card["title"] and card["imgUrl"].startswith("http") and "/p/" in card["link"]
    enter(demo, buyer, "林小满")
    buyer.picture("me")

    choose_and_buy(buyer, link)
    give_address(buyer)
    page.get_by_role("button", name="提交并支付").click()
    page.wait_for_url(re.compile(r"/pay/jsapi\?"))  # the sandbox's bridge: WeChat knows the payer already
    buyer.picture("channel")
    page.get_by_role("button", name="支付").click()
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}"))
    buyer.reload_until("款项已到账")
    buyer.picture("paid")
    order_page = page.url.split("?")[0]

    number = re.search(r"\d{18}", page.inner_text("body"))
    assert number is not None
    where, who = table(demo)["console (operations)"]
    sign_in(clerk, where, *who.split())
    ship(clerk, number[0])
    page.goto(order_page)
    buyer.reload_until("已签收")
    page.get_by_role("link", name="确认收货").click()
    page.locator("main form button").first.click()
    buyer.reload_until("已完成")
    page.get_by_role("link", name=re.compile("评价")).first.click()
    page.locator("[name=stars][value='5']").check(force=True)
    page.fill("[name=text]", "泡出来很香，回甘也久。")
    buyer.picture("review")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("泡出来很香")
    buyer.picture("reviewed")
    assert [*buyer.complaints, *clerk.complaints] == []


CANCELS = """
window.asked = [];
window.WeixinJSBridge = {
  invoke(name, given, answer) {
    window.asked.push([name, given]);
    answer({ err_msg: `${name}:cancel` });
  },
};
"""


def test_who_cancels_is_told_that_nothing_was_paid_and_can_try_again(demo: Stack, browser: Browser) -> None:
    """Signed in by nothing: for paying WeChat tells the payer silently."""
    buyer = in_wechat(browser, "wechat-cancel", bridge=CANCELS)
    page = buyer.page
    choose_and_buy(buyer, table(demo)["promoter's link to a product"][0])
    give_address(buyer)
    page.get_by_role("button", name="提交并支付").click()
    choose_user(page, "周野")  # a sandbox has to ask whose WeChat this is
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}/wechat$"))
    expect(page.get_by_text("您还没有付款")).to_be_visible()
    buyer.picture("cancelled")
    page.get_by_role("button", name="去支付").click()
    [first, second] = page.evaluate("() => window.asked")
    assert first[0] == "getBrandWCPayRequest"
    assert set(first[1]) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert first == second
    page.get_by_role("button", name="显示付款二维码").click()
    page.wait_for_url(re.compile(r"/scan$"))
    expect(page.locator(".qr svg")).to_be_visible()
    assert buyer.complaints == []
