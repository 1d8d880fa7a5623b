"""The plan's pages: rules are ordered without scripts, published, compared, withdrawn and tried."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.faces.console.support import Desk, make_desk, paid_order
from tests.terms.plans.support import an_earner, brought
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.plans.drafting import draft_now
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.plans.operations import set_plan


@pytest.fixture
def desk() -> Desk:
    desk = make_desk((10_000,), stock=50)
    with merchant_scope(desk.shop.merchant_id):
        set_plan(500, actor=desk.shop.owner)
    return desk


@pytest.fixture
def browser(desk: Desk) -> Client:
    return desk.client()


def seen(browser: Client, desk: Desk) -> str:
    found = re.search(r'name="seen" value="(\d+)"', read(browser, desk.url("plan_draft")))
    assert found
    return found.group(1)


def read(browser: Client, url: str) -> str:
    answer = browser.get(url, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def put(browser: Client, desk: Desk, position: int = 0, **typed: str) -> int:
    url = f"{desk.url('plan_rule')}?position={position}"
    return browser.post(url, {"seen": seen(browser, desk), **typed}).status_code


def channels(desk: Desk) -> list[str]:
    with merchant_scope(desk.shop.merchant_id):
        return [rule.channel for rule in draft_now().rules]


def test_rules_are_added_ordered_and_taken_out(desk: Desk, browser: Client) -> None:
    for channel, rate in (("weibo", "8"), ("chat", "12.5"), ("moments", "9")):
        assert put(browser, desk, channel=channel, rate=rate) == 302
    assert channels(desk) == ["weibo", "chat", "moments", ""]
    here = desk.url("plan_draft")
    for do, expected in (
        ({"up": "3"}, ["weibo", "moments", "chat", ""]),
        ({"down": "1"}, ["moments", "weibo", "chat", ""]),
        ({"remove": "2"}, ["moments", "chat", ""]),
    ):
        assert browser.post(here, {"seen": seen(browser, desk), **do}).status_code == 302
        assert channels(desk) == expected
    page = read(browser, here)
    assert "12.5%" in page and "WeChat Moments" in page
    assert browser.post(here, {"discard": "1"}).status_code == 302
    assert channels(desk) == [""]


def test_what_somebody_else_changed_is_not_overwritten(desk: Desk, browser: Client) -> None:
    before = seen(browser, desk)
    assert put(browser, desk, channel="weibo", rate="8") == 302
    for do in ({"up": "1"}, {"down": "1"}, {"remove": "1"}):
        assert browser.post(desk.url("plan_draft"), {"seen": before, **do}).status_code == 409
    assert channels(desk) == ["weibo", ""]


@pytest.mark.parametrize(
    "typed",
    [
        {"channel": "weibo"},
        {"rate": "8", "unit": "5"},
        {"rate": "50.01"},
        {"rate": "8", "least": "9", "most": "1"},
        {"rate": "x"},
        {"rate": "8", "channel": "nowhere"},
        {"rate": "8", "product": "nothing"},
    ],
)
def test_a_wrong_rule_is_shown_again(desk: Desk, browser: Client, typed: dict[str, str]) -> None:
    assert put(browser, desk, **typed) == 422
    assert channels(desk) == [""]


def test_the_last_rule_takes_no_condition(desk: Desk, browser: Client) -> None:
    page = read(browser, f"{desk.url('plan_rule')}?position=1")
    assert 'name="rate"' in page and 'name="channel"' not in page and 'name="budget"' not in page
    assert put(browser, desk, 1, unit="3.00", channel="weibo") == 302
    with merchant_scope(desk.shop.merchant_id):
        (rest,) = draft_now().rules
    assert (rest.unit_fen, rest.rate_bps, rest.channel) == (300, None, "")


def test_published_from_a_moment_on_compared_and_withdrawn(desk: Desk, browser: Client) -> None:
    put(browser, desk, channel="weibo", rate="8", budget="90")
    grades = {"seen": seen(browser, desk), "name1": "银", "least1": "100", "refunded1": "2.5"}
    assert browser.post(desk.url("plan_grades"), grades).status_code == 302
    begins = timezone.localtime(clock.now() + timedelta(days=3))
    typed = {
        "seen": seen(browser, desk),
        "effective_from": f"{begins:%Y-%m-%dT%H:%M}",
        "why": "<b>双十二</b>",
    }
    assert "New:" in read(browser, desk.url("plan_publish"))
    assert browser.post(desk.url("plan_publish"), typed).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        plan = CommissionPlan.objects.get(version=2)
    page = read(browser, desk.url("plan_version", plan_id=plan.id))
    assert "&lt;b&gt;双十二" in page and "Weibo → 8%" in page and "银" in page
    assert "Version 2 begins on" in read(browser, desk.url("plan"))
    assert browser.post(desk.url("plan"), {"rate": "3"}).status_code == 409
    assert browser.post(desk.url("plan_withdraw", plan_id=plan.id)).status_code == 302
    assert "Withdrawn" in read(browser, desk.url("plan"))
    with merchant_scope(desk.shop.merchant_id):
        first = CommissionPlan.objects.get(version=1)
    assert browser.post(desk.url("plan_withdraw", plan_id=first.id)).status_code == 409


def test_the_draft_is_tried_on_what_was_sold(desk: Desk, browser: Client) -> None:
    assert "No sales to try it on" in read(browser, desk.url("plan_trial"))
    earner = an_earner(desk.shop)
    paid_order(desk.shop, 2, visitor=brought(desk.shop, earner, "weibo"))
    put(browser, desk, channel="weibo", rate="8")
    page = read(browser, desk.url("plan_trial"))
    assert "¥10.00" in page and "¥16.00" in page and "¥6.00" in page and "小禾" in page
    assert page.count('class="would"') == 31
