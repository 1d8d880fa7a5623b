"""Every list and page shows what there is, under the strict policy, and writes nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.faces.operator.support import READER, Someone, World, at, make_operator
from tongdao.faces.operator.lists import LISTS
from tongdao.faces.operator.site import site
from tongdao.faces.operator.table import PAGES
from tongdao.party.people.operations import create_guest

NAMES = [admin.address for _model, admin in LISTS]
ELSEWHERE = ("sandbox", "dispute_file", "dispute_bundle")  # test_sandboxes, test_disputes
FILTERS = [
    pytest.param(admin.address, one.parameter_name, value, id=f"{admin.address}-{value}")
    for _model, admin in LISTS
    for one in admin.list_filter
    for value, *_ in getattr(one, "options", ())
]


class Inline(HTMLParser):
    """What the policy would stop: scripts and styles in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}" for name in names if name == "style" or name.startswith(("on", "x-", "@"))
        ]
        if tag == "script" and "alpine" in str(names.get("src")):
            self.found.append("a script that builds code")


def read(answer: Any) -> str:
    """The page; raises where it would not pass the policy."""
    assert answer.status_code == 200, answer.content.decode()[:3000]
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy
    page: str = answer.content.decode()
    inline = Inline()
    inline.feed(page)
    assert inline.found == []
    return page


def test_each_list_shows_its_rows(operator: Someone, world: World) -> None:
    told = {name: read(operator.browser().get(at(name))) for name in NAMES}
    assert str(world.shop.merchant_id) in told["merchants"]
    assert (
        str(world.person_id)
        in operator.browser().get(at("people"), {"q": str(world.person_id)}).content.decode()
    )
    assert str(world.review_id) in told["reviews"]
    assert f"#{world.failed_job}" in told["jobs"] and f"#{world.waiting_job}" in told["jobs"]
    assert str(world.intent_id) in told["intents"]
    assert "伪造" in told["callbacks"] and "at the machine" not in told["deeds"]


@pytest.mark.parametrize(("name", "parameter", "value"), FILTERS)
def test_each_filter_narrows(operator: Someone, world: World, name: str, parameter: str, value: str) -> None:
    page = read(operator.browser().get(at(name), {parameter: value}))
    assert re.search(r'aria-current="true"', page)
    nonsense = {parameter: "nonsense", "p": "99999", "o": "1.2", "q": "茶 % '"}
    read(operator.browser().get(at(name), nonsense, follow=True))


def test_a_long_list_has_pages(operator: Someone, world: World) -> None:
    for _time in range(51):
        create_guest()
    first = read(operator.browser().get(at("people")))
    second = read(operator.browser().get(at("people"), {"p": "2"}))
    assert 'href="?p=2"' in first and 'href="?p=1"' in second


@pytest.mark.parametrize("name", [name for name, _address, _view in PAGES if name not in ELSEWHERE])
def test_each_page_shows_what_there_is(operator: Someone, world: World, name: str) -> None:
    page = read(operator.browser().get(world.pages()[name]))
    expected = {
        "merchant": "food_business",
        "reader": "ValueError: not so",
        "intent": "no answer",
        "job": f"#{world.failed_job}",
        "readers": READER,
        "switches": "sms_codes",
    }
    assert expected.get(name, "/static/operator/operator.") in page


def test_what_is_not_there_is_said(operator: Someone, world: World) -> None:
    browser = operator.browser()
    for url in (at("merchant", world.person_id), at("person", world.review_id), at("job", 10**12)):
        assert browser.get(url).status_code == 404
    for url in (at("reader", "nobody"), at("sandbox", "wechatpay"), at("review", world.person_id)):
        assert browser.get(url).status_code == 404


def test_who_is_found_is_masked(world: World) -> None:
    someone = make_operator()
    from tests.support.people import with_number

    person, phone = with_number()
    found = read(someone.browser().get(at("people"), {"q": phone}))
    assert str(person.pk) in found and phone[-4:] in found
    for page in (found, read(someone.browser().get(at("person", person.pk)))):
        asked_for = (f'value="{phone}"', f"q={phone}")  # in the search field, and in the address
        for own in asked_for:
            page = page.replace(own, "")
        assert phone not in page
    assert str(person.pk) not in read(someone.browser().get(at("people"), {"q": phone[:7]}))


def test_only_operators_are_listed_as_such(operator: Someone, world: World) -> None:
    page = read(operator.browser().get(at("people"), {"kind": "operators"}))
    assert str(operator.person.pk) in page and str(world.person_id) not in page


def test_looking_writes_nothing(operator: Someone, world: World) -> None:
    """Neither connection sends anything but reads: what was seen in the last minutes is the session's own."""
    urls = [*(at(name) for name in NAMES), *world.pages().values()]
    browser = operator.browser()
    for url in urls:
        with (
            CaptureQueriesContext(connections["default"]) as own,
            CaptureQueriesContext(connections["platform"]) as platform,
        ):
            read(browser.get(url))
        asked = [
            query["sql"].lstrip().lower() for query in (*own.captured_queries, *platform.captured_queries)
        ]
        assert asked
        assert [sql for sql in asked if sql.startswith(("insert", "update", "delete"))] == [], url


def test_lists_and_pages_take_no_posts(operator: Someone, world: World) -> None:
    browser = operator.browser()
    for url in (*(at(name) for name in NAMES), *world.pages().values()):
        for verb in (browser.post, browser.put, browser.patch, browser.delete):
            assert verb(url, {"action": "delete_selected", "_save": "1"}).status_code == 405, url


def test_the_site_has_no_view_that_saves() -> None:
    names = {pattern.name for admin in site._registry.values() for pattern in admin.get_urls()}
    assert names == set(NAMES)
    for admin in site._registry.values():
        asked = (admin.has_add_permission, admin.has_change_permission, admin.has_delete_permission)
        assert not any(may(None) for may in asked)
        assert admin.get_actions(None) == {}
