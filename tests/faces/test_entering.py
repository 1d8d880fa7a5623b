"""Coming in at each face: codes, passwords, second steps; fixation, redirects, enumeration, devices."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.party.people.test_second import enrolled, shown
from tests.support.builders import Shop, make_shop
from tests.support.people import LONG_AGO, PASSWORD, a_phone, with_number, with_password, wrong
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.accounts import is_guest, number_of
from tongdao.party.people.models import BrowserSession, Identity, Person
from tongdao.party.people.operations import check_sign_in, issue_token, person_of_token
from tongdao.party.people.refusals import TokenInvalid
from tongdao.party.people.sign_in import KNOWN_COOKIE, device_name
from tongdao.trade.orders.models import CartLine

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


IPHONE = {"user-agent": PHONE}


@dataclass(frozen=True)
class Face:
    """Where a face has its pages."""

    root: str
    sign_in: str
    security: str
    password: str
    end: str

    @property
    def code(self) -> str:
        return f"{self.sign_in}/code"


def at_shop(shop: Shop) -> Face:
    root = f"/s/{shop.slug}"
    me = f"{root}/me"
    return Face(f"{root}/", f"{root}/sign-in", f"{me}/security", f"{me}/password", f"{me}/end-device")


CONSOLE = Face(
    "/console/", "/console/sign-in", "/console/security", "/console/password", "/console/end-device"
)


@pytest.fixture(scope="module")
def tea(cluster: object) -> Shop:
    return make_shop()


@pytest.fixture(params=["shop", "console"])
def face(request: pytest.FixtureRequest, tea: Shop) -> Face:
    return at_shop(tea) if request.param == "shop" else CONSOLE


def a_browser() -> Client:
    """From an address of its own, so that no other test's tries count for it."""
    return Client(REMOTE_ADDR=f"2001:db8:{token(3).encode().hex()[:4]}:{token(3).encode().hex()[2:6]}::1")


def ask(browser: Client, face: Face, phone: str, **more: str) -> Any:
    return browser.post(face.code, {"phone": phone, **more})


def shown_code(answer: Any) -> str:
    found = re.search(r">\s*(\d{6})\s*<", answer.content.decode())
    assert found, answer.content.decode()
    return found.group(1)


def enter(browser: Client, face: Face, phone: str, **more: str) -> Any:
    """Ask for a code and type it."""
    return browser.post(face.code, {"phone": phone, "code": shown_code(ask(browser, face, phone)), **more})


def who(browser: Client) -> str | None:
    return browser.session.get(SESSION_KEY)


def test_a_number_and_its_code_let_in(face: Face) -> None:
    browser, phone = a_browser(), a_phone()
    assert browser.get(face.code).status_code == 200
    answer = enter(browser, face, phone)
    assert answer.status_code == 302 and answer["Location"].startswith(face.root)
    person = Person.objects.get(pk=who(browser))
    assert number_of(person.pk) == phone
    page = browser.get(face.security)
    assert page.status_code == 200 and phone[-4:] in page.content.decode()
    assert phone not in page.content.decode() and "no-store" in page["Cache-Control"]


def test_the_code_is_on_no_page_unless_the_sandbox_is_switched_on(face: Face, settings: Any) -> None:
    settings.ENV = replace(settings.ENV, sms="")
    browser = a_browser()
    answer = ask(browser, face, a_phone())
    assert answer.status_code == 503 and not re.search(r">\s*\d{6}\s*<", answer.content.decode())
    assert "/code" not in browser.get(face.sign_in).content.decode()


def test_a_wrong_or_used_code_lets_nobody_in(face: Face) -> None:
    browser, phone = a_browser(), a_phone()
    code = shown_code(ask(browser, face, phone))
    answer = browser.post(face.code, {"phone": phone, "code": wrong(code)})
    assert answer.status_code == 422 and who(browser) is None
    assert browser.post(face.code, {"phone": phone, "code": code}).status_code == 302
    thief = a_browser()
    assert thief.post(face.code, {"phone": phone, "code": code}).status_code == 422 and who(thief) is None


def plain(answer: Any, phone: str) -> str:
    """The page without what differs from request to request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", unescape(answer.content.decode()))
    text = re.sub(r">\s*\d{6}\s*<", "><", text)
    # By chance a colour or a file's fingerprint holds the same four digits: only where they stand alone.
    return re.sub(rf"(?<![0-9A-Za-z]){phone[-4:]}(?![0-9A-Za-z])", "LAST", text.replace(phone, "PHONE"))


def test_known_and_unknown_numbers_are_answered_alike(face: Face) -> None:
    """Same status, same text, as many queries: for asking, for a wrong code, for a wrong password."""
    told = []
    for phone in (with_number(ago=timedelta(hours=3))[1], a_phone()):
        browser = a_browser()
        browser.get(face.code)
        with CaptureQueriesContext(connection) as queries:
            asked = ask(browser, face, phone)
            refused = browser.post(face.code, {"phone": phone, "code": wrong(shown_code(asked))})
            wrong_password = browser.post(face.sign_in, {"sign_in_name": phone, "password": "not this one"})
        answers = (asked, refused, wrong_password)
        told.append(([(one.status_code, plain(one, phone)) for one in answers], len(queries)))
    assert told[0] == told[1]


def test_who_planted_the_session_is_not_in_it_afterwards(face: Face) -> None:
    """Fixation: the key from before signing in opens nothing, also when a guest becomes the account."""
    for let_in in (_by_code, _by_password, _again):
        victim = a_browser()
        key = _planted(victim, face)
        let_in(victim, face)
        thief = a_browser()
        thief.cookies["td_session"] = key
        assert who(victim) is not None and victim.session.session_key != key, let_in
        assert "/sign-in" in thief.get(face.security)["Location"], let_in
        assert not BrowserSession.objects.filter(pk=key).exists()


def _planted(victim: Client, face: Face) -> str:
    """A session that somebody else knows: for a shop, a guest with something in the cart."""
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies["td_session"] = session.session_key
    return str(session.session_key)


def _by_code(browser: Client, face: Face) -> None:
    enter(browser, face, a_phone())


def _by_password(browser: Client, face: Face) -> None:
    _, name = with_password()
    browser.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD})


def _again(browser: Client, face: Face) -> None:
    """The same person signs in a second time: Django alone would keep the key."""
    _, name = with_password()
    browser.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD})
    first = str(browser.session.session_key)
    browser.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD})
    assert not BrowserSession.objects.filter(pk=first).exists()


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/console/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/",
        "/elsewhere",
        "https:evil.example",
        "/console\n//evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(face: Face, wanted: str) -> None:
    _, name = with_password()
    by_password = a_browser().post(face.sign_in, {"sign_in_name": name, "password": PASSWORD, "next": wanted})
    by_code = enter(a_browser(), face, a_phone(), next=wanted)
    for answer in (by_password, by_code):
        assert answer.status_code == 302 and answer["Location"].startswith(face.root)
        assert "evil" not in answer["Location"]


def test_signing_in_leads_where_one_wanted_to_go(face: Face) -> None:
    assert enter(a_browser(), face, a_phone(), next=face.security)["Location"] == face.security


def test_a_form_from_elsewhere_lets_nobody_in(face: Face) -> None:
    browser = Client(enforce_csrf_checks=True)
    for path in (face.sign_in, face.code, face.password, face.end):
        assert browser.post(path, {"phone": a_phone()}).status_code == 403


def test_a_number_that_may_have_changed_hands_asks_whose_the_account_is(face: Face) -> None:
    old, phone = with_number(ago=LONG_AGO)
    browser = a_browser()
    answer = enter(browser, face, phone)
    assert answer["Location"].endswith("/whose") and who(browser) is None
    assert browser.get(answer["Location"]).status_code == 200
    assert browser.post(answer["Location"], {"password": "a guess at it"}).status_code == 401
    assert browser.post(answer["Location"], {"anew": "1"}).status_code == 302
    assert who(browser) not in (None, str(old.pk)) and number_of(old.pk) is None


def test_its_password_opens_it(face: Face) -> None:
    person, phone = with_password()
    phone = a_phone()
    old, _ = with_number(phone, ago=LONG_AGO)
    old.set_password(PASSWORD)
    old.save()
    browser = a_browser()
    answer = enter(browser, face, phone)
    assert browser.post(answer["Location"], {"password": PASSWORD}).status_code == 302
    assert who(browser) == str(old.pk) != str(person.pk)


def test_a_browser_that_was_in_before_opens_it_too(face: Face) -> None:
    browser, phone = a_browser(), a_phone()
    enter(browser, face, phone)
    person = who(browser)
    Identity.objects.filter(person_id=person).update(proved_at=clock.now() - LONG_AGO)
    known = browser.cookies[KNOWN_COOKIE]
    assert known["httponly"] and known["samesite"] == "Lax"
    again = a_browser()
    again.cookies[KNOWN_COOKIE] = known.value
    with clock.shifted(timedelta(minutes=2)):
        enter(again, face, phone)
    assert who(again) == person
    forged = a_browser()
    forged.cookies[KNOWN_COOKIE] = known.value[:-2] + "xx"
    Identity.objects.filter(person_id=person).update(proved_at=clock.now() - LONG_AGO)
    with clock.shifted(timedelta(minutes=4)):
        assert enter(forged, face, phone)["Location"].endswith("/whose")


def test_without_a_proof_nobody_is_asked_whose(face: Face) -> None:
    browser = a_browser()
    for path in (f"{face.sign_in}/whose", f"{face.sign_in}/second"):
        for answer in (browser.get(path), browser.post(path, {"anew": "1", "code": "123456"})):
            assert answer.status_code == 302 and "/sign-in" in answer["Location"]
    assert who(browser) is None


def test_the_second_step_stands_between(face: Face) -> None:
    person, secret, codes = enrolled()
    name = Identity.objects.get(person=person).value
    browser = a_browser()
    answer = browser.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD})
    assert answer["Location"].endswith("/second") and who(browser) is None
    assert "/sign-in" in browser.get(face.security)["Location"]
    assert browser.post(answer["Location"], {"code": "not it"}).status_code == 401
    assert browser.post(answer["Location"], {"code": shown(secret)}).status_code == 302
    assert who(browser) == str(person.pk)
    lost = a_browser()
    lost.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD})
    lost.post(answer["Location"], {"code": codes[0]})
    assert who(lost) == str(person.pk)


def test_a_forgotten_password_is_set_anew_after_a_code(face: Face) -> None:
    person, phone = with_number(ago=timedelta(hours=3))
    browser = a_browser()
    answer = enter(browser, face, phone, next=face.password)
    assert answer["Location"] == face.password
    page = browser.get(face.password).content.decode()
    assert 'name="new"' in page and 'name="old"' not in page
    assert browser.post(face.password, {"new": "quite another one"}).status_code == 302
    assert check_sign_in(phone, "quite another one") == person
    assert who(browser) == str(person.pk)
    assert 'name="old"' in browser.get(face.password).content.decode()  # the proof is used up


def test_a_changed_password_ends_other_browsers_and_programs(face: Face) -> None:
    person, name = with_password()
    here, there, bearer = a_browser(), a_browser(), issue_token(person)
    for browser in (here, there):
        browser.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD})
    assert here.post(face.password, {"old": PASSWORD, "new": "quite another one"}).status_code == 302
    assert here.get(face.security).status_code == 200
    assert there.get(face.security).status_code == 302
    with pytest.raises(TokenInvalid):
        person_of_token(bearer)


def test_devices_are_listed_and_signed_out(face: Face) -> None:
    person, name = with_password()
    here, there, third = a_browser(), a_browser(), a_browser()
    for browser in (here, there, third):
        browser.post(face.sign_in, {"sign_in_name": name, "password": PASSWORD}, headers=IPHONE)
    page = here.get(face.security).content.decode()
    assert page.count("Safari · iPhone") == 3
    for browser in (here, there, third):
        assert str(browser.session.session_key) not in page
    first = re.search(r'name="device" value="([0-9a-f]{32})"', page)
    assert first
    stranger = a_browser()
    _by_password(stranger, face)
    stranger.post(face.end, {"device": first.group(1)})
    assert BrowserSession.objects.filter(person=person).count() == 3
    here.post(face.end, {"device": first.group(1)})
    assert BrowserSession.objects.filter(person=person).count() == 2
    bearer = issue_token(person)
    here.post(face.end)
    assert here.get(face.security).status_code == 200
    assert {browser.get(face.security).status_code for browser in (there, third)} == {302}
    with pytest.raises(TokenInvalid):
        person_of_token(bearer)


def test_last_seen_moves_now_and_then(face: Face) -> None:
    browser = a_browser()
    _by_password(browser, face)
    row = BrowserSession.objects.get(pk=browser.session.session_key)
    browser.get(face.security)
    assert BrowserSession.objects.get(pk=row.pk).seen_at == row.seen_at
    with clock.shifted(timedelta(minutes=11)):
        browser.get(face.security)
    assert BrowserSession.objects.get(pk=row.pk).seen_at - row.seen_at > timedelta(minutes=10)


def test_a_shops_session_opens_no_desk(tea: Shop) -> None:
    """It lasts a year and is left on tables."""
    browser = a_browser()
    _by_password(browser, at_shop(tea))
    assert "/console/sign-in" in browser.get(CONSOLE.security)["Location"]
    assert "/console/sign-in" in browser.get("/console/")["Location"]


def test_a_way_in_is_changed_only_just_after_signing_in() -> None:
    browser = a_browser()
    _by_password(browser, CONSOLE)
    assert browser.get("/console/authenticator").status_code == 200
    with clock.shifted(timedelta(minutes=11)):
        for path in ("/console/authenticator", "/console/number"):
            answer = browser.get(path)
            assert answer.status_code == 302 and "/console/sign-in?next=" in answer["Location"]
            assert browser.get(answer["Location"]).status_code == 200  # not back in a circle


def test_an_authenticator_is_set_up_and_removed_at_the_desk() -> None:
    browser = a_browser()
    _by_password(browser, CONSOLE)
    page = browser.get("/console/authenticator").content.decode()
    secret = re.search(r'<li class="num">([A-Z2-7]{32})</li>', page)
    assert secret and "<svg" in page
    answer = browser.post("/console/authenticator", {"code": shown(secret.group(1))})
    codes = re.findall(r'<li class="num">([a-z0-9-]{11})</li>', answer.content.decode())
    assert len(codes) == 10 and "no-store" in answer["Cache-Control"]
    assert codes[0] not in browser.get(CONSOLE.security).content.decode()
    assert browser.post("/console/authenticator", {"code": "nothing"}).status_code == 401
    assert browser.post("/console/authenticator", {"code": codes[1]}).status_code == 302


def test_a_number_is_added_at_the_desk() -> None:
    browser, phone = a_browser(), a_phone()
    _by_password(browser, CONSOLE)
    code = shown_code(browser.post("/console/number", {"phone": phone}))
    assert browser.post("/console/number", {"phone": phone, "code": wrong(code)}).status_code == 422
    assert browser.post("/console/number", {"phone": phone, "code": code})["Location"] == CONSOLE.security
    person = who(browser)
    with clock.shifted(timedelta(minutes=2)):
        again = a_browser()
        enter(again, CONSOLE, phone)
    assert who(again) == person


def test_a_guests_cart_becomes_the_accounts(tea: Shop) -> None:
    """As it is when the guest becomes an account, carried along when there is one already."""
    face, sku = at_shop(tea), str(tea.skus[0])
    for phone in (a_phone(), with_number(ago=timedelta(hours=3))[1]):
        browser = a_browser()
        browser.post(
            f"{face.root}p/tea-1/choose",
            {"sku": sku, "quantity": "2"},
            headers={"origin": "http://testserver"},
        )
        guest, thief = who(browser), a_browser()
        thief.cookies["td_session"] = browser.cookies["td_session"].value
        assert guest and is_guest(Person.objects.get(pk=guest).pk)
        enter(browser, face, phone)
        with merchant_scope(tea.merchant_id):
            assert CartLine.objects.get(person_id=who(browser)).quantity == 2
        if who(browser) == guest:  # who planted the guest, or copied it, is not in the account
            assert thief.get(face.security).status_code == 302


def test_signing_out_of_a_shop_ends_it(tea: Shop) -> None:
    browser, face = a_browser(), at_shop(tea)
    _by_password(browser, face)
    key = browser.session.session_key
    assert browser.get(f"{face.root}sign-out").status_code == 405
    assert browser.post(f"{face.root}sign-out").status_code == 302
    assert who(browser) is None and not BrowserSession.objects.filter(pk=key).exists()


def test_a_shop_is_opened_with_a_proven_number_only() -> None:
    typed = {"shown_name": "阿青", "password": PASSWORD, "name": "新店", "slug": f"open-{token(8)}"}
    answers = []
    for phone in (a_phone(), with_number(ago=timedelta(hours=3))[1]):
        answer = a_browser().post("/console/open", typed | {"sign_in_name": phone})
        answers.append((answer.status_code, plain(answer, phone)))
    assert answers[0] == answers[1] and answers[0][0] == 422


@pytest.mark.pure
@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Safari · iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari MicroMessenger/8.0",
            "WeChat · Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126 Safari/537 Edg/126", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_devices_have_plain_names(agent: str, name: str) -> None:
    assert device_name(agent) == name
