"""One's own data in the shop: a copy, being erased, taking it back; and the same for programs."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from tests.faces.shop.test_browser import TOO_SMALL
from tests.faces.shop.visits import SCREEN, Visit
from tests.faces.test_entering import a_browser, at_shop, enter, who
from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.people import a_phone
from tests.trade.reviews.support import received_lines, write
from tongdao.compliance.retention.models import Erasure, TakeOut
from tongdao.compliance.retention.operations import build_take_out, erase_due
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.party.people.models import Identity, Person
from tongdao.party.people.operations import issue_token

LATER = timedelta(minutes=11)


@pytest.fixture
def tea() -> Shop:
    return make_shop()


def inside(shop: Shop) -> tuple[Client, Person, str]:
    """A browser in which somebody has just signed in, who, and the address of the pages."""
    browser = a_browser()
    enter(browser, at_shop(shop), a_phone())
    return browser, Person.objects.get(pk=who(browser)), f"/s/{shop.slug}/me/data"


def made(person: Person) -> None:
    build_take_out(TakeOut.objects.get(person_id=person.pk, state="asked").id)


def test_a_copy_is_asked_for_made_and_downloaded(tea: Shop) -> None:
    browser, person, page = inside(tea)
    received_lines(tea, Actor("person", person.pk))
    assert browser.post(f"{page}/copy").status_code == 302
    assert "正在生成副本" in browser.get(page).content.decode()
    assert browser.get(f"{page}/copy.zip").status_code == 404
    made(person)
    assert "副本已经生成" in browser.get(page).content.decode()
    answer = browser.get(f"{page}/copy.zip")
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.getvalue())).read("data.json"))
    assert data["person_id"] == str(person.pk)
    assert [len(shop["tables"]["order"]) for shop in data["merchants"]] == [1]


def test_the_file_and_the_end_ask_for_a_fresh_sign_in(tea: Shop) -> None:
    browser, person, page = inside(tea)
    browser.post(f"{page}/copy")
    made(person)
    with clock.shifted(LATER):
        for path in ("/copy.zip", "/erase"):
            answer = browser.get(page + path)
            assert answer.status_code == 302
            assert answer["Location"] == f"/s/{tea.slug}/sign-in/code?next=" + (page + path).replace(
                "/", "%2F"
            )
        assert browser.post(f"{page}/erase", {"sure": "1"}).status_code == 302
        assert browser.get(page).status_code == 200
    assert not Erasure.objects.filter(person_id=person.pk).exists()


def test_a_guest_and_a_stranger_are_led_to_the_door(tea: Shop) -> None:
    stranger = a_browser()
    for path in ("", "/copy.zip", "/erase"):
        assert stranger.get(f"/s/{tea.slug}/me/data{path}").status_code == 302
    guest = a_browser()
    guest.post(f"/s/{tea.slug}/take", {"sku": str(tea.skus[0]), "quantity": "1"})
    assert guest.get(f"/s/{tea.slug}/me/data").status_code == 302


def test_what_goes_and_stays_is_told_before_it_is_asked(tea: Shop) -> None:
    browser, person, page = inside(tea)
    buyer = Actor("person", person.pk)
    write(tea, received_lines(tea, buyer)[0], buyer)
    text = browser.get(f"{page}/erase").content.decode()
    assert "登录方式" in text
    assert "《电子商务法》第三十一条：3 年" in text
    assert f"到 {clock.now().year + 3}" in text
    assert browser.post(f"{page}/erase").status_code == 422
    assert not Erasure.objects.filter(person_id=person.pk).exists()
    answer = browser.post(f"{page}/erase", {"sure": "1", "review": "1"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    row = Erasure.objects.get(person_id=person.pk)
    assert (row.state, row.wishes) == ("asked", ["review"])
    assert "撤回申请" in browser.get(page).content.decode()


def test_it_is_taken_back_by_one_button(tea: Shop) -> None:
    browser, person, page = inside(tea)
    browser.post(f"{page}/erase", {"sure": "1"})
    assert browser.post(f"{page}/keep").status_code == 302
    assert Erasure.objects.get(person_id=person.pk).state == "withdrawn"
    assert "看看哪些会删除" in browser.get(page).content.decode()


def test_what_stands_against_it_is_said_and_no_button_is_there(tea: Shop) -> None:
    browser, person, page = inside(tea)
    place_one(a_request(tea, person_id=person.pk), tea)
    text = browser.get(f"{page}/erase").content.decode()
    assert "您还有 1 个订单没有完成" in text
    assert 'name="sure"' not in text
    assert browser.post(f"{page}/erase", {"sure": "1"}).status_code == 409


def test_afterwards_the_browser_is_nobodys(tea: Shop) -> None:
    browser, person, page = inside(tea)
    browser.post(f"{page}/erase", {"sure": "1"})
    with clock.shifted(timedelta(days=8)):
        assert erase_due(Erasure.objects.get(person_id=person.pk).id) == "erased"
    assert browser.get(page).status_code == 302
    assert not Identity.objects.filter(person=person).exists()


def call(verb: str, path: str, text: str, **body: Any) -> Any:
    return Client().generic(
        verb,
        f"/api/v1{path}",
        json.dumps(body) if verb == "POST" else "",
        content_type="application/json",
        headers={"authorization": f"Bearer {text}"},
    )


def test_programs_do_the_same_with_a_fresh_token(tea: Shop) -> None:
    _, person, _ = inside(tea)
    token = issue_token(person)
    assert call("GET", "/me/copy", token).status_code == 404
    assert call("POST", "/me/copy", token).status_code == 202
    made(person)
    assert call("GET", "/me/copy", token).json()["state"] == "ready"
    assert call("GET", "/me/copy/data", token).json()["person_id"] == str(person.pk)
    preview = call("GET", "/me/erasure/preview", token).json()
    assert preview["blockers"] == []
    assert {"table": "identity", "fate": "erased", "rows": 1, "laws": [], "until": None} in preview["tables"]
    with clock.shifted(LATER):
        assert call("GET", "/me/copy/data", token).json()["code"] == "sign_in_again"
        assert call("POST", "/me/erasure", token).json()["code"] == "sign_in_again"
    assert call("POST", "/me/erasure", token, take_down_reviews=True).json()["state"] == "asked"
    assert call("GET", "/me/erasure", token).json()["state"] == "asked"
    assert call("DELETE", "/me/erasure", token).status_code == 204
    assert call("GET", "/me/erasure", token).status_code == 404


@pytest.mark.browser
def test_on_a_phone_nothing_is_too_small_or_too_wide(site: str, browser: Browser, tea: Shop) -> None:
    client, person, page = inside(tea)
    buyer = Actor("person", person.pk)
    write(tea, received_lines(tea, buyer)[0], buyer)
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", is_mobile=True, has_touch=True)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    visit = Visit(context)
    for path in ("", "/erase"):
        visit.page.goto(f"{site}{page}{path}")
        assert visit.page.evaluate(TOO_SMALL) == [], path
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], path
    visit.page.get_by_label("我知道 7 天后谁也无法恢复").check()
    visit.page.get_by_role("button", name="注销账号").click()
    expect(visit.page.get_by_text("您已申请注销")).to_be_visible()
    assert visit.complaints == []
