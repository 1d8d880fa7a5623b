"""What cannot be given back is said before it is bought, and only the buyer's own tick gives the days up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.faces.shop.browsing import Browser, Page, fill_region, order_something, put_into_cart
from tests.faces.shop.goods import add_product
from tests.support.builders import Shop
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.operations import set_return_exclusion
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.orders.promises import PROMISES

SEVEN = "Returns within 7 days</summary>"
BOX = re.compile(r'<input type="checkbox" name="agree"[^>]*>', re.DOTALL)


def exclude(shop: Shop, code: str, handle: str = "tea-1") -> None:
    with merchant_scope(shop.merchant_id):
        set_return_exclusion(Product.objects.get(handle=handle).id, code, actor=SYSTEM)


def boxes(page: Page) -> list[str]:
    return BOX.findall(page.html)


def at_checkout(browser: Browser, shop: Shop) -> Page:
    return fill_region(browser, browser.get(f"/s/{shop.slug}/checkout"))


def values(page: Page) -> list[str]:
    return [box.split('value="')[1].split('"')[0] for box in boxes(page)]


def promised(shop: Shop) -> list[Any]:
    """(days, agreed) of each line of the latest order."""
    with merchant_scope(shop.merchant_id):
        order = Order.objects.latest("placed_at")
        lines = OrderLine.objects.filter(order=order).order_by("product_id")
        return [(line.policies["return_days"], line.policies.get("consented", False)) for line in lines]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", SEVEN),
        ("perishable", "No return without a reason"),
        ("sealed_media", "No return without a reason once unsealed"),
        ("value_drops", "7-day return: you decide at the checkout"),
    ],
)
def test_every_page_before_the_order_says_it(shop: Shop, code: str, words: str) -> None:
    exclude(shop, code)
    browser = Browser()
    assert words in browser.get(f"/s/{shop.slug}/p/tea-1").html
    put_into_cart(browser, shop.slug)
    assert (words in browser.get(f"/s/{shop.slug}/cart").html) == bool(code)
    page = browser.get(f"/s/{shop.slug}/checkout")
    asked = code == "value_drops"  # its words stand beside the box there
    assert (words in page.html) == (bool(code) and not asked)
    assert len(boxes(page)) == asked


def test_the_product_page_follows_a_change_at_once(shop: Shop) -> None:
    browser = Browser()
    assert SEVEN in browser.get(f"/s/{shop.slug}/p/tea-1").html
    exclude(shop, "made_to_order")
    html = browser.get(f"/s/{shop.slug}/p/tea-1").html
    assert SEVEN not in html
    assert "Defective goods can be given back all the same." in html


def test_the_box_is_empty_and_without_it_the_days_stand(shop: Shop) -> None:
    exclude(shop, "opened_hygiene")
    browser = Browser()
    put_into_cart(browser, shop.slug)
    page = at_checkout(browser, shop)
    [box] = boxes(page)
    assert "checked" not in box and "required" not in box
    assert "I know and agree that this item cannot be returned without a reason." in page.html
    assert browser.send(page.form("/checkout")).path.count("/orders/") == 1
    assert promised(shop) == [(7, False)]


def test_each_line_has_its_own_box_and_a_tick_stays_while_the_form_is_filled(shop: Shop) -> None:
    add_product(shop, "pen", "钢笔", {(): (5_000, 9)})
    add_product(shop, "fish", "鲜鱼", {(): (6_000, 9)})
    exclude(shop, "value_drops")
    exclude(shop, "near_expiry", "pen")
    exclude(shop, "perishable", "fish")
    browser = Browser()
    for handle in ("tea-1", "pen", "fish"):
        put_into_cart(browser, shop.slug, handle)
    page = browser.get(f"/s/{shop.slug}/checkout")
    assert len(boxes(page)) == 2
    [pen] = [value for value in values(page) if "near_expiry" in value]
    page = browser.send(page.form("/checkout"), ("step", "region"), agree=pen)
    assert [("checked" in box) for box in boxes(page)] == [pen in box for box in boxes(page)]
    page = fill_region(browser, page)
    assert page.form("/checkout").values["agree"] == [pen]
    browser.send(page.form("/checkout"))
    assert sorted(promised(shop)) == [(0, False), (0, True), (7, False)]


def test_a_made_up_tick_takes_nothing_from_the_buyer(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = at_checkout(browser, shop).form("/checkout")
    sku = shop.skus[0]
    form.values["agree"] = [
        f"{sku}:2026-11:made_to_order:en",
        f"{sku}:2026-11:value_drops:en",
        ":",
        "x" * 9_000,
    ]
    browser.send(form)
    assert promised(shop) == [(7, False)]


def test_what_changed_while_the_form_was_filled_is_shown_first(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = at_checkout(browser, shop).form("/checkout")
    exclude(shop, "perishable")
    page = browser.send(form)
    assert page.status == 409
    assert "What can be given back of it has just changed." in page.html
    assert "Fresh and perishable goods" in page.html
    browser.send(page.form("/checkout"))
    assert promised(shop) == [(0, False)]


def test_the_order_tells_its_own_promise_whatever_is_promised_now(shop: Shop) -> None:
    exclude(shop, "value_drops")
    browser = Browser()
    put_into_cart(browser, shop.slug)
    page = at_checkout(browser, shop)
    page = browser.send(page.form("/checkout"), agree=values(page)[0])
    agreed = page.path
    exclude(shop, "")
    plain = order_something(browser, shop.slug).path
    exclude(shop, "perishable")
    assert "you agreed to it when you ordered" in browser.get(agreed).html
    html = browser.get(plain).html
    assert f"It can be returned within {PROMISES['return_days']} days without a reason." in html
    assert "perishable" not in html


def test_in_chinese_the_words_that_were_agreed_to_are_the_chinese_ones(shop: Shop) -> None:
    exclude(shop, "opened_hygiene")
    browser = Browser(language="zh-hans")
    put_into_cart(browser, shop.slug)
    page = at_checkout(browser, shop)
    assert "我已知道并同意：这件商品不支持七天无理由退货。" in page.html
    browser.send(page.form("/checkout"), agree=values(page)[0])
    with merchant_scope(shop.merchant_id):
        frozen = OrderLine.objects.get().policies
    assert (frozen["consented"], frozen["consent_language"]) == (True, "zh-hans")
