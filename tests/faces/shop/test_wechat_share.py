"""How a page looks when it is shared inside WeChat: a signature of it, and under whose link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.faces.shop.browsing import Browser
from tests.support.builders import Shop
from tests.support.wechat import WECHAT, WechatSandbox
from tests.support.wechat_shop import connect_app
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import WechatApp, WechatKind
from tongdao.party.merchants.operations import share_ticket
from tongdao.party.network.agreements import version_now
from tongdao.party.network.models import Promoter
from tongdao.party.network.operations import Consent, join_promoter
from tongdao.party.people.models import Person
from tongdao.party.people.sign_in import BACKEND
from tongdao.reach.traffic.models import ShareLink

SITE = "http://testserver"


@pytest.fixture
def official(shop: Shop, wechat: WechatSandbox) -> dict[str, str]:
    return connect_app(shop, wechat, WechatKind.OFFICIAL, "tea")


def share(browser: Browser, shop: Shop, page: str, origin: str = SITE) -> Any:
    there = f"/s/{shop.slug}/wechat/share"
    return browser.client.post(there, {"url": page}, headers={"origin": origin})


def test_the_sdk_takes_the_signature_of_this_page_and_of_no_other(
    shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    page = f"{SITE}/s/{shop.slug}/p/tea-1?from=singlemessage"
    answer = share(Browser(WECHAT), shop, page + "#top")
    told = answer.json()
    assert answer.status_code == 200
    assert told["link"].endswith(f"/s/{shop.slug}/p/tea-1")
    assert told["sdk"] == f"{wechat.gateway}/open/js/jweixin-1.6.0.js"
    check = f"{wechat.gateway}/sandbox/config.js"
    assert "config:ok" in httpx.get(check, params=told["config"] | {"url": page}).text
    assert "invalid signature" in httpx.get(check, params=told["config"] | {"url": page + "2"}).text


def test_one_ticket_serves_all_pages_until_it_grows_old(
    shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    before = wechat.control("/calls").get("getticket", 0)
    for _ in range(3):
        assert share(Browser(WECHAT), shop, f"{SITE}/s/{shop.slug}/").status_code == 200
    assert wechat.control("/calls")["getticket"] == before + 1
    with clock.shifted(timedelta(seconds=7200 - 599)):
        assert share(Browser(WECHAT), shop, f"{SITE}/s/{shop.slug}/").status_code == 200
    assert wechat.control("/calls")["getticket"] == before + 2


def test_one_asks_and_the_others_use_what_is_there(
    shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    assert share_ticket(shop.merchant_id) is not None
    now = clock.now()
    with merchant_scope(shop.merchant_id):
        rows = WechatApp.objects.filter(effective_to__isnull=True)
        rows.update(ticket_until=now + timedelta(minutes=5), ticket_asked_at=now)
    before = wechat.control("/calls")["getticket"]
    assert share_ticket(shop.merchant_id) is not None
    with merchant_scope(shop.merchant_id):
        rows.update(ticket_until=now - timedelta(minutes=5), ticket_asked_at=now)
    assert share_ticket(shop.merchant_id) is None, "the old one is over, and somebody asks already"
    assert wechat.control("/calls")["getticket"] == before


def test_a_promoter_shares_the_own_link_the_same_each_time(
    shop: Shop, wechat: WechatSandbox, official: dict[str, str]
) -> None:
    browser = Browser(WECHAT)
    person = Person.objects.get(pk=shop.owner_id)
    browser.client.force_login(person, backend=BACKEND)
    page = f"{SITE}/s/{shop.slug}/p/tea-1"
    assert share(browser, shop, page).json()["link"].endswith("/p/tea-1"), "not a promoter yet"
    with merchant_scope(shop.merchant_id):
        join_promoter(
            person.pk,
            shown_name="阿青",
            actor=Actor("person", person.pk),
            consent=Consent(version_now(), of_age=True),
        )
    first, again = (share(browser, shop, page).json()["link"] for _ in range(2))
    store = share(browser, shop, f"{SITE}/s/{shop.slug}/").json()["link"]
    assert first == again != store
    with merchant_scope(shop.merchant_id):
        promoter = Promoter.objects.get(person_id=person.pk)
        links = {link.token: link for link in ShareLink.objects.filter(promoter=promoter)}
    assert len(links) == 2
    assert links[first.rsplit("/", 1)[-1]].product_id is not None
    assert links[store.rsplit("/", 1)[-1]].product_id is None


@pytest.mark.parametrize("page", ["http://evil.example/s/x/", SITE + "/console/", "javascript:x", ""])
def test_only_pages_of_this_store_are_signed(shop: Shop, official: dict[str, str], page: str) -> None:
    assert share(Browser(WECHAT), shop, page).status_code == 404


def test_another_site_may_not_ask(shop: Shop, official: dict[str, str]) -> None:
    page = f"{SITE}/s/{shop.slug}/"
    assert share(Browser(WECHAT), shop, page, origin="http://evil.example").status_code == 403


def test_without_an_app_or_without_wechat_pages_are_shared_as_they_are(
    shop: Shop, wechat: WechatSandbox
) -> None:
    page = f"{SITE}/s/{shop.slug}/"
    assert share(Browser(WECHAT), shop, page).status_code == 404
    connect_app(shop, wechat, WechatKind.OFFICIAL, "tea")
    wechat.control("/faults", operation="stable_token", kind="BUSY")
    assert share(Browser(WECHAT), shop, page).status_code == 503


def test_only_wechats_browser_may_run_wechats_script(shop: Shop) -> None:
    inside, outside = Browser(WECHAT), Browser()
    policies = [
        browser.client.get(f"/s/{shop.slug}/").headers["Content-Security-Policy"]
        for browser in (inside, outside)
    ]
    scripts = [next(part for part in policy.split(";") if "script-src" in part) for policy in policies]
    assert scripts[1].split() == ["script-src", "'self'"]
    assert len(scripts[0].split()) == 3 and "unsafe-inline" not in scripts[0]
