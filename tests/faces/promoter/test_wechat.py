"""A promoter who comes by the WeChat of the shop that it promotes."""

from __future__ import annotations

import pytest
from django.contrib.auth import SESSION_KEY

from tests.faces.shop.browsing import DESK, Browser, back
from tests.support.builders import Shop, make_shop
from tests.support.wechat import WECHAT, WechatSandbox
from tests.support.wechat_shop import connected_shop


@pytest.fixture
def tea(wechat: WechatSandbox) -> Shop:
    return connected_shop(wechat)


def set_out(browser: Browser, shop: Shop, wanted: str) -> str:
    """The button of the sign-in page; where it leads."""
    page = browser.get(f"/promote/sign-in?next={wanted}")
    assert f"/promote/{shop.slug}/sign-in/wechat?next=" in page.html
    browser.get(f"/promote/{shop.slug}/sign-in/wechat?next={wanted}")
    return browser.outside


@pytest.mark.parametrize("agent", [WECHAT, DESK], ids=["inside", "scanned"])
def test_the_way_leads_to_the_page_that_was_wanted(tea: Shop, wechat: WechatSandbox, agent: str) -> None:
    user, browser, wanted = wechat.user(), Browser(agent), f"/promote/{tea.slug}/join"
    page = back(browser, wechat.agree(set_out(browser, tea, wanted), user))
    if "new=1" in page.path:
        browser.send(page.form())
        page = back(browser, wechat.agree(browser.outside, user))
    assert (page.status, page.path) == (200, wanted)
    assert browser.client.session.get(SESSION_KEY)


def test_who_is_known_at_the_shop_is_the_same_here(tea: Shop, wechat: WechatSandbox) -> None:
    user, at_shop, here = wechat.user(), Browser(DESK), Browser(DESK)
    at_shop.get(f"/s/{tea.slug}/sign-in/wechat")
    back(at_shop, wechat.agree(at_shop.outside, user))
    back(here, wechat.agree(set_out(here, tea, f"/promote/{tea.slug}/"), user))
    assert here.client.session[SESSION_KEY] == at_shop.client.session[SESSION_KEY]


def test_a_page_outside_is_not_led_to(tea: Shop, wechat: WechatSandbox) -> None:
    browser = Browser(DESK)
    browser.get(f"/promote/{tea.slug}/sign-in/wechat?next=https://evil.example/")
    page = back(browser, wechat.agree(browser.outside, wechat.user()))
    assert page.path.startswith("/promote/")


def test_a_way_is_good_once_and_in_this_browser(tea: Shop, wechat: WechatSandbox) -> None:
    mine, other = Browser(DESK), Browser(DESK)
    address = wechat.agree(set_out(mine, tea, f"/promote/{tea.slug}/"), wechat.user())
    assert back(other, address).status == 401
    assert other.client.session.get(SESSION_KEY) is None
    back(mine, address)
    assert back(mine, address).status == 401


def test_no_button_where_the_shop_is_not_connected() -> None:
    shop, browser = make_shop(), Browser(WECHAT)
    for wanted in (f"/promote/{shop.slug}/", "/promote/", "", "/promote/none-there/", "/promote/%00/x"):
        assert "sign-in/wechat" not in browser.get(f"/promote/sign-in?next={wanted}").html
    for page in ("sign-in/wechat", "sign-in/wechat/back"):
        assert browser.client.get(f"/promote/{shop.slug}/{page}").status_code == 404
