"""The sheet and the cart, sent as a browser without scripts sends them."""

from __future__ import annotations

import pytest

from tests.faces.shop.browsing import Browser, put_into_cart
from tests.faces.shop.goods import add_product
from tests.support.builders import Shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.people.models import Person
from tongdao.trade.orders.models import CartLine

GLAZES = {
    ("white", "small"): (16_800, 12),
    ("white", "large"): (18_800, 3),
    ("green", "small"): (16_800, 1),
    ("red", "small"): (15_000, 0),
}


def cart_lines(shop: Shop) -> list[CartLine]:
    with merchant_scope(shop.merchant_id):
        return list(CartLine.objects.order_by("added_at"))


def test_the_first_thing_put_in_makes_one_guest(shop: Shop) -> None:
    before = Person.objects.count()
    browser = Browser()
    page = put_into_cart(browser, shop.slug, quantity="2")
    assert "is in your cart" in page.html
    assert '<span class="badge">1</span>' in page.html
    put_into_cart(browser, shop.slug, quantity="3")
    assert Person.objects.count() == before + 1
    assert [line.quantity for line in cart_lines(shop)] == [5]


def test_a_page_open_in_another_tab_still_works_after_the_guest_was_made(shop: Shop) -> None:
    browser = Browser()
    other_tab = browser.get(f"/s/{shop.slug}/p/tea-1").form("/choose")
    put_into_cart(browser, shop.slug)
    assert browser.send(other_tab, ("then", "cart")).status == 200
    assert [line.quantity for line in cart_lines(shop)] == [2]


def test_options_choose_the_sku(shop: Shop) -> None:
    skus = add_product(shop, "cup", "盖碗", GLAZES, options=["Glaze", "Size"])
    browser = Browser()
    form = browser.get(f"/s/{shop.slug}/p/cup").form("/choose")
    browser.send(form, ("then", "cart"), option1="white", option2="large")
    assert [line.sku_id for line in cart_lines(shop)] == [skus[1]]


def test_a_combination_that_is_not_made_is_refused_and_the_choice_kept(shop: Shop) -> None:
    add_product(shop, "cup", "盖碗", GLAZES, options=["Glaze", "Size"])
    browser = Browser()
    form = browser.get(f"/s/{shop.slug}/p/cup").form("/choose")
    page = browser.send(form, ("then", "cart"), option1="green", option2="large", quantity="4")
    assert page.status == 422
    assert "This combination is not made." in page.html
    assert page.form("/choose").values["quantity"] == ["4"]
    assert cart_lines(shop) == []


@pytest.mark.parametrize("quantity", ["", "0", "-1", "1.5", "1000", "many", "²", "9" * 30])
def test_a_strange_quantity_is_refused_in_words(shop: Shop, quantity: str) -> None:
    page = put_into_cart(Browser(), shop.slug, quantity=quantity)
    assert page.status == 422
    assert "A quantity is a whole number from 1 to 999." in page.html
    assert cart_lines(shop) == []


def test_the_sheet_begins_with_what_can_be_had_and_what_is_sold_out_cannot_be_chosen(shop: Shop) -> None:
    add_product(shop, "cup", "盖碗", GLAZES, options=["Glaze", "Size"])
    page = Browser().get(f"/s/{shop.slug}/p/cup")
    assert page.form("/choose").values["option1"] == ["white"]
    assert 'value="red" disabled' in page.html


def test_sold_out_is_said_and_nothing_can_be_chosen(shop: Shop) -> None:
    add_product(shop, "gone", "售完", {(): (100, 0)})
    page = Browser().get(f"/s/{shop.slug}/p/gone")
    assert "Nothing of it is left right now." in page.html
    assert [form for form in page.forms if not form.action.endswith("/favourites")] == []


def test_the_cart_changes_quantities_and_takes_out(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    page = browser.get(f"/s/{shop.slug}/cart")
    page = browser.send(page.form("/cart/line"), quantity="3")
    assert "384.00" in page.html.replace("<small>", "").replace("</small>", "")
    page = browser.send(page.form("/cart/line"), quantity="1000")
    assert "A quantity is a whole number" in page.html
    page = browser.send(page.form("/cart/line"), ("remove", "1"))
    assert "Your cart is empty" in page.html


def test_the_cart_says_what_cannot_be_had(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug, quantity="40")
    assert "Only 10 are left." in browser.get(f"/s/{shop.slug}/cart").html
    with merchant_scope(shop.merchant_id):
        Product.objects.update(published=False)
    assert "This is not for sale any more." in browser.get(f"/s/{shop.slug}/cart").html


def test_nobody_changes_anothers_cart(shop: Shop) -> None:
    owner, other = Browser(), Browser()
    put_into_cart(owner, shop.slug)
    form = owner.get(f"/s/{shop.slug}/cart").form("/cart/line")
    put_into_cart(other, shop.slug)
    token = other.get(f"/s/{shop.slug}/cart").form("/cart/line").values["csrfmiddlewaretoken"][0]
    other.send(form, quantity="9", csrfmiddlewaretoken=token)
    assert sorted(line.quantity for line in cart_lines(shop)) == [1, 9]
    assert owner.get(f"/s/{shop.slug}/cart").form("/cart/line").values["quantity"] == ["1"]
