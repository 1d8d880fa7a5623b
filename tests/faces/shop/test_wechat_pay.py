"""Paying inside WeChat: by WeChat itself, with the openid of the app that the payment account names."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.faces.shop.browsing import PHONE, Browser, Page, order_something
from tests.support.builders import Shop
from tests.support.paying import PaySandbox
from tests.support.wechat import WECHAT, WechatSandbox
from tests.support.wechat_shop import connect_app
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import WechatKind
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAttempt


@pytest.fixture
def official(paid_shop: Shop, sandbox: PaySandbox, wechat: WechatSandbox) -> dict[str, str]:
    """The app of `paid_shop` in which its payments are made."""
    return connect_app(paid_shop, wechat, WechatKind.OFFICIAL, "tea", appid=sandbox.papers["appid"])


def come_back(browser: Browser, wechat: WechatSandbox, user: str) -> Page:
    parts = urlsplit(wechat.agree(browser.outside, user))
    return browser.get(f"{parts.path}?{parts.query}")


def handed_over(page: Page) -> dict[str, str]:
    """What the script gives to WeChat."""
    found = re.search(r'data-wechat-pay="([^"]+)"', page.html)
    assert found is not None, page.html[:600]
    given: dict[str, str] = json.loads(unescape(found[1]))
    return given


def attempt_of(shop: Shop) -> PaymentAttempt:
    with merchant_scope(shop.merchant_id):
        return PaymentAttempt.objects.get()


def test_the_payers_openid_comes_silently_and_the_signature_is_right(
    paid_shop: Shop, sandbox: PaySandbox, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    browser, user = Browser(WECHAT), wechat.user()
    order_something(browser, paid_shop.slug)
    assert parse_qs(urlsplit(browser.outside).query)["scope"] == ["snsapi_base"]
    page = come_back(browser, wechat, user)
    assert page.path.endswith("/wechat")
    given = handed_over(page)
    assert set(given) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    channel = f"{sandbox.papers['gateway']}/pay/jsapi"
    assert httpx.get(channel, params=given).status_code == 200
    assert httpx.get(channel, params=given | {"nonceStr": "another"}).status_code == 403
    attempt = attempt_of(paid_shop)
    sandbox.pay(attempt.trade_no)
    told = sandbox.control("/pay", out_trade_no=attempt.trade_no, force=True)
    assert told["openid"] == wechat.ids(official, user)["openid"]
    assert (attempt.product, attempt_of(paid_shop).state) == ("jsapi", "captured")
    order_page = page.path.removesuffix("/wechat")
    assert browser.get(page.path).path == order_page, "what is paid is not asked for again"


def test_the_second_time_wechat_need_not_be_asked(
    paid_shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    browser = Browser(WECHAT)
    order_something(browser, paid_shop.slug)
    come_back(browser, wechat, wechat.user())
    page = order_something(browser, paid_shop.slug)
    assert page.path.endswith("/wechat") and handed_over(page)


def test_whose_wechat_it_is_says_the_session_and_not_the_account(
    paid_shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    """An account may have been signed in to by another WeChat: the one that pays is the one that is here."""
    browser = Browser(WECHAT)
    order_something(browser, paid_shop.slug)
    first = parse_qs(urlsplit(browser.outside).query)["state"]
    browser.get(f"/s/{paid_shop.slug}/orders/")
    with merchant_scope(paid_shop.merchant_id):
        order = Order.objects.get()
    pay = browser.get(f"/s/{paid_shop.slug}/orders/{order.id}").form("/pay")
    browser.send(pay)
    assert parse_qs(urlsplit(browser.outside).query)["state"] != first


def test_outside_wechat_it_stays_as_it_was(paid_shop: Shop, official: dict[str, str]) -> None:
    browser = Browser(PHONE)
    order_something(browser, paid_shop.slug)
    assert "checkmweb" in browser.outside
    assert attempt_of(paid_shop).product == "h5"


def test_an_app_that_the_payment_account_does_not_name_takes_no_payments(
    paid_shop: Shop, wechat: WechatSandbox
) -> None:
    connect_app(paid_shop, wechat, WechatKind.OFFICIAL, "tea")
    browser = Browser(WECHAT)
    order_something(browser, paid_shop.slug)
    assert attempt_of(paid_shop).product == "h5"


def test_a_code_to_scan_is_the_way_out(
    paid_shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    browser = Browser(WECHAT)
    order_something(browser, paid_shop.slug)
    page = come_back(browser, wechat, wechat.user())
    scan = browser.send(page.form("/pay"), ("pay_with", "native"))
    assert scan.path.endswith("/scan")


def test_when_wechat_does_not_answer_the_order_stands(
    paid_shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    browser = Browser(WECHAT)
    order_something(browser, paid_shop.slug)
    wechat.control("/faults", operation="access_token", kind="BUSY")
    page = come_back(browser, wechat, wechat.user())
    assert page.status == 503
    with merchant_scope(paid_shop.merchant_id):
        order = Order.objects.get()
        assert (order.state, PaymentAttempt.objects.count()) == ("placed", 0)
    again = browser.get(f"/s/{paid_shop.slug}/orders/{order.id}").form("/pay")
    browser.send(again)
    assert handed_over(come_back(browser, wechat, wechat.user()))
