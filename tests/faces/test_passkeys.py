"""Passkeys at each face: a challenge is one session's, once; and Chromium with a virtual authenticator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faces.shop.visits import SCREEN, Visit, on_a_port
from tests.faces.test_entering import CONSOLE, Face, a_browser, at_shop, enter, who
from tests.party.people.test_second import STEP, shown
from tests.support.browsing import chromium_at
from tests.support.builders import Shop, make_shop
from tests.support.passkeys import Device
from tests.support.people import PASSWORD, a_phone, with_password
from tongdao.foundation import clock
from tongdao.party.people.models import Passkey
from tongdao.party.people.passkeys import begin_registration, finish_registration
from tongdao.party.people.second import begin_authenticator, confirm_authenticator

HOME = "https://testserver"
SECURE = {"HTTP_HOST": "testserver"}
DOORS = {"shop": ("me/passkeys", "sign-in/passkey"), "console": ("passkeys", "sign-in/passkey")}


@pytest.fixture(scope="module")
def tea(cluster: object) -> Shop:
    return make_shop()


@pytest.fixture
def home(settings: Any) -> None:
    settings.BASE_URL = HOME


@pytest.fixture(params=["shop", "console"])
def face(request: pytest.FixtureRequest, tea: Shop) -> Face:
    return at_shop(tea) if request.param == "shop" else CONSOLE


def own_page(face: Face) -> str:
    return face.root + DOORS["console" if face is CONSOLE else "shop"][0]


def way_in(face: Face) -> str:
    return f"{face.sign_in}/passkey"


def options_of(page: Any) -> str:
    found = re.search(r'data-options="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return unescape(found.group(1))


def with_key(face: Face) -> tuple[Client, Device]:
    """A browser in which somebody is signed in, with a passkey just made."""
    browser, device = a_browser(), Device(HOME, "testserver")
    enter(browser, face, a_phone())
    sent = device.create(options_of(browser.get(own_page(face))))
    answer = browser.post(own_page(face), {"credential": sent, "name": "手机"})
    assert answer.status_code == 302, answer.content.decode()
    return browser, device


def test_a_key_is_made_and_lets_in(home: None, face: Face) -> None:
    first, device = with_key(face)
    assert "手机" in first.get(own_page(face)).content.decode()
    other = a_browser()
    answer = other.post(way_in(face), {"credential": device.get(options_of(other.get(way_in(face))))})
    assert answer.status_code == 302
    assert who(other) == who(first)


def test_a_challenge_is_good_once_in_its_own_session_and_for_minutes(home: None, face: Face) -> None:
    _, device = with_key(face)
    other, thief = a_browser(), a_browser()
    options = options_of(other.get(way_in(face)))
    sent = device.get(options)
    thief.get(way_in(face))
    assert thief.post(way_in(face), {"credential": sent}).status_code == 401
    assert other.post(way_in(face), {"credential": sent}).status_code == 302
    again = a_browser()
    sent = device.get(options_of(again.get(way_in(face))))
    with clock.shifted(timedelta(minutes=6)):
        assert again.post(way_in(face), {"credential": sent}).status_code == 401
    used = a_browser()
    sent = device.get(options_of(used.get(way_in(face))))
    assert used.post(way_in(face), {"credential": "no"}).status_code == 401
    assert used.post(way_in(face), {"credential": sent}).status_code == 401, "a failed try uses it up"
    assert who(used) is None


def test_the_session_has_a_new_key_afterwards(home: None, face: Face) -> None:
    _, device = with_key(face)
    other = a_browser()
    options = options_of(other.get(way_in(face)))
    before = other.session.session_key
    other.post(way_in(face), {"credential": device.get(options)})
    assert other.session.session_key != before


def test_it_is_the_second_step_of_its_own_person_alone(home: None) -> None:
    """Password first; then the key instead of the app's code. A stranger's key does not do."""
    person, name = with_password()
    secret = begin_authenticator(person.pk, shown_as="x").secret
    with clock.shifted(-4 * STEP):
        confirm_authenticator(person.pk, shown(secret))
    stranger = with_key(CONSOLE)[1]
    browser = a_browser()

    def first_step() -> str:
        answer = browser.post(CONSOLE.sign_in, {"sign_in_name": name, "password": PASSWORD})
        assert answer["Location"].startswith(f"{CONSOLE.sign_in}/second")
        assert "sign-in/passkey" in browser.get(f"{CONSOLE.sign_in}/second").content.decode()
        return options_of(browser.get(way_in(CONSOLE)))

    options = first_step()
    assert browser.post(way_in(CONSOLE), {"credential": stranger.get(options)}).status_code == 401
    assert who(browser) is None
    made = Device(HOME, "testserver")
    _register(person.pk, made)
    answer = browser.post(way_in(CONSOLE), {"credential": made.get(first_step())})
    assert answer.status_code == 302
    assert who(browser) == str(person.pk)


def _register(person_id: Any, device: Device) -> None:
    asked, options = begin_registration(person_id, shown_as="x")
    finish_registration(person_id, asked, device.create(options), name="x")


def test_making_and_removing_ask_for_a_fresh_sign_in(home: None, face: Face) -> None:
    browser, _ = with_key(face)
    row = Passkey.objects.get(person_id=who(browser))
    with clock.shifted(timedelta(minutes=11)):
        assert browser.get(own_page(face)).status_code == 302
        assert browser.post(own_page(face), {"drop": str(row.id)}).status_code == 302
    assert Passkey.objects.filter(pk=row.pk).exists()
    assert browser.post(own_page(face), {"drop": str(row.id)}).status_code == 302
    assert not Passkey.objects.filter(pk=row.pk).exists()


def test_nobody_removes_anothers(home: None, face: Face) -> None:
    mine, theirs = with_key(face)[0], with_key(face)[0]
    row = Passkey.objects.get(person_id=who(theirs))
    for id in (str(row.id), "nonsense"):
        assert mine.post(own_page(face), {"drop": id}).status_code == 404
    assert Passkey.objects.filter(pk=row.pk).exists()


def test_under_another_name_of_the_site_there_is_no_such_way(face: Face, settings: Any) -> None:
    settings.BASE_URL = "https://tea.example.cn"
    browser = a_browser()
    assert "passkey" not in browser.get(face.sign_in).content.decode()
    assert browser.get(way_in(face)).status_code == 302


@pytest.fixture(scope="module")
def site(cluster: object) -> Iterator[str]:
    with on_a_port() as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    import os

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium_at(chromium) as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def an_authenticator(page: Page, *, verifies: bool = True) -> Any:
    """Chromium's own virtual authenticator, as a phone has one built in."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def context_at(browser: Browser, site: str, face: Face) -> tuple[BrowserContext, Client]:
    """A browser in which somebody has just signed in."""
    client = a_browser()
    enter(client, face, a_phone())
    context = browser.new_context(viewport=SCREEN, locale="zh-CN")
    context.add_cookies([{"name": "td_session", "value": client.cookies["td_session"].value, "url": site}])
    return context, client


@pytest.mark.browser
def test_a_phone_makes_a_key_and_signs_in_with_it(
    site: str, browser: Browser, face: Face, settings: Any
) -> None:
    settings.BASE_URL = site
    context, client = context_at(browser, site, face)
    visit = Visit(context)
    page = visit.page
    session, device = an_authenticator(page)
    page.goto(site + own_page(face))
    page.get_by_label("通行密钥的名称").fill("我的手机")
    page.get_by_role("button", name="在这个设备上创建").click()
    expect(page.get_by_text("以后可以用这个设备登录了。")).to_be_visible()
    expect(page.get_by_text("我的手机")).to_be_visible()
    assert session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0][
        "isResidentCredential"
    ]
    context.clear_cookies()
    page.goto(site + face.sign_in)
    page.get_by_role("link", name="改用通行密钥").click()
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert visit.complaints == []
    row = Passkey.objects.get(person_id=who(client))
    assert row.used_at is not None
    page.goto(site + own_page(face))
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("这个通行密钥已失效。请在设备里也把它删除。")).to_be_visible()
    assert not Passkey.objects.filter(pk=row.pk).exists()


@pytest.mark.browser
def test_a_device_that_does_not_know_its_holder_lets_nobody_in(
    site: str, browser: Browser, face: Face, settings: Any
) -> None:
    settings.BASE_URL = site
    context, client = context_at(browser, site, face)
    page = Visit(context).page
    session, device = an_authenticator(page)
    page.goto(site + own_page(face))
    page.get_by_role("button", name="在这个设备上创建").click()
    expect(page.get_by_text("以后可以用这个设备登录了。")).to_be_visible()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    context.clear_cookies()
    page.goto(site + way_in(face))
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_text("设备没有回应")).to_be_visible()
    assert Passkey.objects.get(person_id=who(client)).used_at is None


@pytest.mark.browser
def test_without_scripts_the_page_says_so(site: str, browser: Browser, face: Face, settings: Any) -> None:
    settings.BASE_URL = site
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(site + way_in(face))
    expect(page.get_by_text("通行密钥需要 JavaScript 和支持它的浏览器，请换一种方式登录。")).to_be_visible()
    expect(page.get_by_role("link", name="用其他方式登录")).to_be_visible()
