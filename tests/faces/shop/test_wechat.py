"""Signing in by WeChat at a store: the way there and back, what is refused on it, and who one is then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import SESSION_KEY

from tests.faces.shop.browsing import DESK, Browser, Page, back, put_into_cart
from tests.support.builders import Shop, make_shop
from tests.support.people import a_phone
from tests.support.wechat import WECHAT, WechatSandbox
from tests.support.wechat_shop import connect_app, connected_shop
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import WechatKind
from tongdao.party.people.accounts import is_guest
from tongdao.party.people.models import Identity, Person
from tongdao.trade.orders.models import CartLine


@pytest.fixture
def tea(wechat: WechatSandbox) -> Shop:
    return connected_shop(wechat)


def to_wechat(browser: Browser, shop: Shop, wanted: str = "") -> str:
    """The button on the sign-in page; where it leads."""
    query = f"?next={wanted}" if wanted else ""
    page = browser.get(f"/s/{shop.slug}/sign-in{query}")
    assert f"/s/{shop.slug}/sign-in/wechat" in page.html
    browser.get(f"/s/{shop.slug}/sign-in/wechat{query}")
    return browser.outside


def sign_in(browser: Browser, shop: Shop, wechat: WechatSandbox, user: str, wanted: str = "") -> Page:
    """All of it, with the one tap more where it is asked for."""
    page = back(browser, wechat.agree(to_wechat(browser, shop, wanted), user))
    if "new=1" in page.path:
        browser.send(page.form())
        page = back(browser, wechat.agree(browser.outside, user))
    return page


def signed_in(browser: Browser) -> str | None:
    return browser.client.session.get(SESSION_KEY)


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_inside_wechat_the_first_time_takes_one_tap_more_and_the_next_none(
    tea: Shop, wechat: WechatSandbox
) -> None:
    user, browser = wechat.user(), Browser(WECHAT)
    there = to_wechat(browser, tea)
    assert there.endswith("#wechat_redirect")
    assert (asked(there)["scope"], asked(there)["response_type"]) == ("snsapi_base", "code")
    assert len(asked(there)["state"]) <= 128 and asked(there)["state"].isalnum()
    page = back(browser, wechat.agree(there, user))
    assert "first time" in page.html and signed_in(browser) is None
    browser.send(page.form())
    assert asked(browser.outside)["scope"] == "snsapi_userinfo"
    page = back(browser, wechat.agree(browser.outside, user))
    assert (page.status, page.path) == (200, f"/s/{tea.slug}/me")
    first = signed_in(browser)
    assert first is not None
    again = Browser(WECHAT)
    back(again, wechat.agree(to_wechat(again, tea), user))
    assert signed_in(again) == first


def test_beside_the_page_a_code_is_scanned_and_it_is_the_same_person(
    tea: Shop, wechat: WechatSandbox
) -> None:
    user, phone, desk = wechat.user(), Browser(WECHAT), Browser(DESK)
    sign_in(phone, tea, wechat, user)
    there = to_wechat(desk, tea)
    assert "/connect/qrconnect?" in there and asked(there)["scope"] == "snsapi_login"
    back(desk, wechat.agree(there, user))
    assert signed_in(desk) == signed_in(phone)


def test_a_guests_cart_moves_into_the_account_that_is_there(tea: Shop, wechat: WechatSandbox) -> None:
    user, first = wechat.user(), Browser(WECHAT)
    put_into_cart(first, tea.slug)
    guest = signed_in(first)
    sign_in(first, tea, wechat, user)
    assert signed_in(first) == guest, "the guest became the account"
    second = Browser(DESK)
    put_into_cart(second, tea.slug, quantity="2")
    sign_in(second, tea, wechat, user)
    assert signed_in(second) == guest
    with merchant_scope(tea.merchant_id):
        assert CartLine.objects.get(person_id=guest).quantity == 3


def refused(page: Page, browser: Browser, status: int = 401) -> None:
    assert (page.status, signed_in(browser)) == (status, None), page.html[:400]
    assert "Nothing was changed" in page.html


def test_a_state_that_was_never_given_out_opens_nothing(tea: Shop, wechat: WechatSandbox) -> None:
    browser = Browser(WECHAT)
    there = wechat.agree(to_wechat(browser, tea), wechat.user())
    code = asked(there)["code"]
    path = urlsplit(there).path
    for query in (f"?code={code}", f"?code={code}&state=", f"?code={code}&state=made-up", ""):
        refused(browser.get(path + query), browser)


def test_a_strangers_state_and_code_sign_nobody_in(tea: Shop, wechat: WechatSandbox) -> None:
    """Else who clicks a link would be in the account of whoever sent it, and fill it with an address."""
    stranger, victim = Browser(WECHAT), Browser(WECHAT)
    there = wechat.agree(to_wechat(stranger, tea), wechat.user())
    to_wechat(victim, tea)
    refused(back(victim, there), victim)


def test_a_state_is_good_once_and_a_code_too(tea: Shop, wechat: WechatSandbox) -> None:
    user, browser = wechat.user(), Browser(WECHAT)
    sign_in(browser, tea, wechat, user)
    other = Browser(WECHAT)
    there = wechat.agree(to_wechat(other, tea), user)
    back(other, there)
    assert signed_in(other)
    other.client.logout()
    refused(back(other, there), other)
    fresh = asked(to_wechat(other, tea))["state"]
    used = asked(there)["code"]
    refused(other.get(f"/s/{tea.slug}/sign-in/wechat/back?code={used}&state={fresh}"), other)


def test_a_state_taken_by_two_at_once_is_taken_by_one(tea: Shop, wechat: WechatSandbox) -> None:
    """Both have the session as it was before either came; the one statement tells them apart."""
    user, browser = wechat.user(), Browser(WECHAT)
    sign_in(browser, tea, wechat, user)
    twin = Browser(WECHAT)
    there = to_wechat(twin, tea)
    session = twin.client.session
    before = dict(session)
    back(twin, wechat.agree(there, user))
    assert signed_in(twin)
    twin.client.logout()
    restored = twin.client.session
    restored.update(before)
    restored.save()
    refused(back(twin, wechat.agree(there, user)), twin)


def test_a_state_grows_old(tea: Shop, wechat: WechatSandbox) -> None:
    browser = Browser(WECHAT)
    there = to_wechat(browser, tea)
    with clock.shifted(timedelta(minutes=11)):
        refused(back(browser, wechat.agree(there, wechat.user())), browser)


def test_whoever_planted_a_session_is_not_in_it_afterwards(tea: Shop, wechat: WechatSandbox) -> None:
    attacker, victim = Browser(WECHAT), Browser(WECHAT)
    put_into_cart(attacker, tea.slug)
    planted = attacker.client.cookies["td_session"].value
    victim.client.cookies["td_session"] = planted
    sign_in(victim, tea, wechat, wechat.user())
    assert victim.client.cookies["td_session"].value != planted
    assert attacker.get(f"/s/{tea.slug}/me/security").path != f"/s/{tea.slug}/me/security"
    assert signed_in(victim) is not None


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/console/", "javascript:x"])
def test_nobody_is_led_out_of_the_store(tea: Shop, wechat: WechatSandbox, wanted: str) -> None:
    browser = Browser(WECHAT)
    page = sign_in(browser, tea, wechat, wechat.user(), wanted)
    assert (page.path, browser.outside) == (f"/s/{tea.slug}/me", "")


def test_the_page_that_was_wanted_is_shown(tea: Shop, wechat: WechatSandbox) -> None:
    wanted = f"/s/{tea.slug}/orders/"
    assert sign_in(Browser(WECHAT), tea, wechat, wechat.user(), wanted).path == wanted


def test_who_refuses_is_told_so(tea: Shop, wechat: WechatSandbox) -> None:
    browser = Browser(WECHAT)
    refused(back(browser, wechat.agree(to_wechat(browser, tea), wechat.user(), refuse=True)), browser)


@pytest.mark.parametrize(("kind", "status"), [("BUSY", 503), ("LOST_AFTER", 503), ("SNAPSHOT", 401)])
def test_when_wechat_fails_nothing_is_half_done(
    tea: Shop, wechat: WechatSandbox, kind: str, status: int
) -> None:
    browser, before = Browser(WECHAT), Person.objects.count()
    there = wechat.agree(to_wechat(browser, tea), wechat.user())
    wechat.control("/faults", operation="access_token", kind=kind)
    page = back(browser, there)
    assert (page.status, signed_in(browser), Person.objects.count()) == (status, None, before)
    assert f"/s/{tea.slug}/sign-in" in page.html, "another way is offered"


def test_two_merchants_apps_are_two(tea: Shop, wechat: WechatSandbox) -> None:
    """Not even of one open-platform account: a state of one store opens nothing at another."""
    other, user = make_shop(), wechat.user()
    connect_app(other, wechat, WechatKind.OFFICIAL, "somebody else's")
    browser = Browser(WECHAT)
    there = urlsplit(wechat.agree(to_wechat(browser, tea), user))
    refused(browser.get(f"/s/{other.slug}/sign-in/wechat/back?{there.query}"), browser)
    here, elsewhere = Browser(WECHAT), Browser(WECHAT)
    sign_in(here, tea, wechat, user)
    sign_in(elsewhere, other, wechat, user)
    assert signed_in(here) != signed_in(elsewhere)


def test_a_store_without_an_app_offers_nothing(wechat: WechatSandbox) -> None:
    shop, browser = make_shop(), Browser(WECHAT)
    assert "sign-in/wechat" not in browser.get(f"/s/{shop.slug}/sign-in").html
    assert browser.get(f"/s/{shop.slug}/sign-in/wechat").status == 404
    assert browser.get(f"/s/{shop.slug}/sign-in/wechat/back?code=1&state=2").status == 404


def by_number(browser: Browser, shop: Shop, phone: str) -> Page:
    page = browser.get(f"/s/{shop.slug}/sign-in/code")
    page = browser.send(page.form(), phone=phone)
    code = next(
        part
        for part in page.html.replace("<", " ").replace(">", " ").split()
        if part.isdigit() and len(part) == 6
    )
    return browser.send(page.form(), code=code)


def test_wechat_is_added_to_an_account_that_is_signed_in(tea: Shop, wechat: WechatSandbox) -> None:
    browser, user = Browser(WECHAT), wechat.user()
    by_number(browser, tea, a_phone())
    person = signed_in(browser)
    assert person and not is_guest(Person.objects.get(pk=person).pk)
    assert "sign-in/wechat" in browser.get(f"/s/{tea.slug}/me/security").html
    browser.get(f"/s/{tea.slug}/sign-in/wechat")
    assert asked(browser.outside)["scope"] == "snsapi_userinfo"
    page = back(browser, wechat.agree(browser.outside, user))
    assert page.path == f"/s/{tea.slug}/me/security" and "connected" in page.html
    elsewhere = Browser(DESK)
    sign_in(elsewhere, tea, wechat, user)
    assert signed_in(elsewhere) == person


def test_a_wechat_of_another_account_is_not_taken_from_it(tea: Shop, wechat: WechatSandbox) -> None:
    user, first, second = wechat.user(), Browser(DESK), Browser(DESK)
    sign_in(first, tea, wechat, user)
    by_number(second, tea, a_phone())
    mine = signed_in(second)
    second.get(f"/s/{tea.slug}/sign-in/wechat")
    page = back(second, wechat.agree(second.outside, user))
    assert (page.status, signed_in(second)) == (409, mine)
    assert not Identity.objects.filter(person_id=mine, kind__startswith="wechat").exists()


def test_ways_begun_are_few_in_a_session(tea: Shop) -> None:
    browser = Browser(WECHAT)
    states = [asked(to_wechat(browser, tea))["state"] for _ in range(7)]
    kept: dict[str, Any] = browser.client.session["wechat_ways"]
    assert list(kept) == states[-5:]
