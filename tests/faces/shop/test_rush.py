"""A sale's start: one page for all, which costs nothing, and a place to wait when too many order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.shop.browsing import ADDRESS, Browser, put_into_cart
from tests.faces.shop.crowding import a_full_line
from tests.faces.shop.offering import HOUR, add_coupon, add_flash, period, to_checkout, with_region
from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.faces.shop.pages.flash import PULSES
from tongdao.faces.shop.shared import PAGES
from tongdao.faces.shop.store import STORES
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.operations import stop_promotion
from tongdao.trade.orders.models import Order

SOON = timedelta(minutes=10)


def flash_path(shop: Shop, sale: Promotion) -> str:
    return f"/s/{shop.slug}/flash/{sale.id}"


def pulse(shop: Shop, sale: Promotion) -> dict[str, object]:
    told: dict[str, object] = json.loads(Browser().get(f"{flash_path(shop, sale)}/pulse").html)
    return told


def test_before_the_start_the_button_waits_and_the_time_is_told(shop: Shop) -> None:
    sale = add_flash(shop, **period(start=SOON, end=HOUR))
    page = Browser().get(flash_path(shop, sale))
    told = re.search(r'data-starts="([^"]+)"', page.html)
    assert told and datetime.fromisoformat(told[1]) == sale.starts_at
    assert "data-buy disabled" in page.html
    assert pulse(shop, sale)["state"] == "coming"
    assert "It starts at" in Browser().get(f"/s/{shop.slug}/offers").html
    assert f"/s/{shop.slug}/offers" in Browser().get(f"/s/{shop.slug}/").html


@pytest.fixture
def kept() -> Iterator[None]:
    """What was read counts as today's for a minute, in this process too."""
    for fragments in (STORES, PAGES, PULSES):
        fragments.recheck = 60.0
    yield
    for fragments in (STORES, PAGES, PULSES):
        del fragments.recheck
        fragments.clear()


def test_the_page_and_the_pulse_cost_the_database_nothing(shop: Shop, kept: None) -> None:
    sale = add_flash(shop)
    browser = Browser()
    put_into_cart(browser, shop.slug)  # a visitor with a session and a cart
    for path in (flash_path(shop, sale), f"{flash_path(shop, sale)}/pulse"):
        browser.get(path)
        with CaptureQueriesContext(connection) as asked:
            for _ in range(5):
                assert browser.get(path).status == 200
        assert [query["sql"] for query in asked.captured_queries] == []


def test_the_page_is_the_same_for_everybody(shop: Shop) -> None:
    sale = add_flash(shop)
    browser = Browser()
    put_into_cart(browser, shop.slug)
    page = browser.get(flash_path(shop, sale))
    assert page.html == Browser().get(flash_path(shop, sale)).html
    again = Browser().client.get(
        flash_path(shop, sale), headers={"accept-language": "en", "if-none-match": page.answer["ETag"]}
    )
    assert again.status_code == 304


def test_the_hint_follows_what_is_left_and_promises_nothing(shop: Shop) -> None:
    sale = add_flash(shop, quota=4, per_member=4)
    assert (pulse(shop, sale)["hint"], pulse(shop, sale)["text"]) == ("few", "Few left")
    place_one(a_request(shop, 4), shop)
    assert pulse(shop, sale)["hint"] == "gone"
    assert "Probably sold out" in Browser().get(flash_path(shop, sale)).html


def test_plenty_is_plenty() -> None:
    shop = make_shop(stock=500)
    assert pulse(shop, add_flash(shop))["hint"] == "plenty"


def test_the_pulse_tells_the_servers_clock(shop: Shop) -> None:
    sale = add_flash(shop)
    before = clock.now().timestamp() * 1000
    told = pulse(shop, sale)["now"]
    assert isinstance(told, int)
    assert before - 1 <= told <= clock.now().timestamp() * 1000 + 1


def test_after_the_end_it_says_what_was(shop: Shop) -> None:
    sale = add_flash(shop)
    with merchant_scope(shop.merchant_id):
        stop_promotion(sale.id, actor=shop.owner)
    page = Browser().get(flash_path(shop, sale))
    assert "This sale is over" in page.html
    assert "it was ¥98.00" in page.html
    assert pulse(shop, sale)["state"] == "over"
    assert "No offers right now" in Browser().get(f"/s/{shop.slug}/offers").html


def test_a_sale_not_announced_yet_is_not_there(shop: Shop) -> None:
    sale = add_flash(shop, **period(start=timedelta(days=8), end=timedelta(days=9)))
    assert Browser().get(flash_path(shop, sale)).status == 404
    assert Browser().get(flash_path(make_shop(), sale)).status == 404


def test_the_button_leads_to_the_checkout_at_the_sales_price(shop: Shop) -> None:
    sale = add_flash(shop, per_member=2)
    browser = Browser()
    page = browser.get(flash_path(shop, sale))
    page = browser.send(page.form("/take"), quantity="2")
    browser.send(with_region(browser, page).form("/checkout"))
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get().total_fen == 19_600


def test_what_is_not_sold_here_cannot_be_taken(shop: Shop) -> None:
    browser = Browser()
    form = browser.get(flash_path(shop, add_flash(shop))).form("/take")
    assert browser.send(form, sku=str(make_shop().skus[0])).status == 404
    assert browser.send(form, sku="x").status == 404
    assert browser.send(form, quantity="0").status == 422


def test_when_too_many_order_the_form_waits_with_its_key(shop: Shop) -> None:
    browser = Browser()
    form = with_region(browser, to_checkout(browser, shop.slug)).form("/checkout")
    with a_full_line(shop):
        page = browser.send(form)
    assert page.status == 503
    assert int(page.answer["Retry-After"]) >= 1
    assert "Nothing was ordered and nothing was charged." in page.html
    kept = page.form("/checkout")
    for name in ("key", "quote_version", "line", *ADDRESS, "province", "city", "county"):
        assert kept.values[name] == form.values[name], name
    browser.send(kept)
    browser.send(kept)
    with merchant_scope(shop.merchant_id):
        assert Order.objects.count() == 2  # the one that held up the line, and ours once


def test_waiting_costs_the_visitor_no_choice(shop: Shop) -> None:
    small, _big = add_coupon(shop, "小券", 500), add_coupon(shop, "大券", 1_000)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug))
    form = browser.send(page.form("/checkout"), ("step", "coupons"), coupon=str(small.id)).form("/checkout")
    with a_full_line(shop):
        page = browser.send(form)
    kept = page.form("/checkout").values
    assert (kept["coupons"], kept["coupon"]) == (["own"], [str(small.id)])
