"""The buyer's own pages: me, favourites, coupons, recently seen, addresses; what a shop tells of itself."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from tests.faces.shop.browsing import ADDRESS, Browser, Page, fill_region, order_something, put_into_cart
from tests.faces.shop.goods import add_product
from tests.support.builders import Shop, make_shop
from tests.support.people import PASSWORD, with_password
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, ProductImage
from tongdao.goods.catalog.operations import set_price, set_published
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.models import Person
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link
from tongdao.terms.promotions.operations import create_coupon
from tongdao.trade.addressbook.models import KeptAddress


def product_of(shop: Shop, handle: str = "tea-1") -> UUID:
    with merchant_scope(shop.merchant_id):
        return Product.objects.get(handle=handle).id


def heart(browser: Browser, shop: Shop, verb: str, product_id: object, **headers: str) -> Any:
    path = f"/s/{shop.slug}/favourites"
    return browser.client.post(path, {verb: str(product_id)}, headers=browser.origin | headers)


def a_coupon(shop: Shop, title: str, begin: int, end: int, **rules: Any) -> None:
    """Days from now on."""
    now = clock.now()
    times = {"starts_at": now + timedelta(days=begin), "ends_at": now + timedelta(days=end)}
    with merchant_scope(shop.merchant_id):
        create_coupon(title=title, actor=shop.owner, **{"off_fen": Fen(500)} | times | rules)


def test_a_heart_makes_a_guest_and_the_list_tells_of_the_price(shop: Shop) -> None:
    browser, tea = Browser(), product_of(shop)
    assert "No favourites yet" in browser.get(f"/s/{shop.slug}/favourites").html
    page = browser.get(f"/s/{shop.slug}/p/tea-1")
    button = re.search(r'<button class="heart" form="hearts" name="keep" value="([^"]+)"', page.html)
    assert button and button[1] == str(tea)
    answer = browser._follow(heart(browser, shop, "keep", tea), "")
    assert "It is in your favourites." in answer.html
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(11_800), actor=shop.owner)
    assert "¥10 less than then" in browser.get(f"/s/{shop.slug}/favourites").html
    for path in (f"/s/{shop.slug}/p/tea-1", f"/s/{shop.slug}/"):
        assert f'<data value="{tea}" data-kept>' in browser.get(path).html
        assert "data-kept" not in Browser().get(path).html
    assert heart(browser, shop, "drop", tea, accept="application/json").json() == {"kept": False}
    assert "No favourites yet" in browser.get(f"/s/{shop.slug}/favourites").html


def test_letting_go_makes_nobody_and_another_site_keeps_nothing(shop: Shop) -> None:
    tea, other = product_of(shop), make_shop()
    before = Person.objects.count()
    assert heart(Browser(), shop, "drop", tea).status_code == 302
    stranger = Browser()
    stranger.origin = {"origin": "https://elsewhere.example"}
    assert heart(stranger, shop, "keep", tea).status_code == 403
    for wrong in ("", "x", "0"):
        assert heart(Browser(), shop, "keep", wrong).status_code == 404
    assert heart(Browser(), other, "keep", tea).status_code == 404
    assert Person.objects.count() == before


def test_recently_seen_draws_what_the_browser_names_and_no_more(shop: Shop) -> None:
    for number in range(30):
        add_product(shop, f"many-{number}", f"Cup {number}", {(): (500, 5)})
    names = "&".join(f"p=many-{number}" for number in range(30))
    page = Browser().get(f"/s/{shop.slug}/seen/cards?p=nothing&p=%27&{names}")
    assert page.status == 200
    assert page.html.count('class="good"') == 22  # of the 24 names that are looked at
    assert page.html.index("Cup 0") < page.html.index("Cup 9")
    assert 'data-seen="tea-1"' in Browser().get(f"/s/{shop.slug}/p/tea-1").html


def test_coupons_stand_by_what_they_are_good_for(shop: Shop) -> None:
    tea = product_of(shop)
    a_coupon(shop, "Now", -1, 5, per_member=1, threshold_fen=Fen(100))
    a_coupon(shop, "For tea", -1, 4, off_fen=Fen(100), threshold_fen=Fen(90_000), product_ids=[tea])
    a_coupon(shop, "Soon", 2, 9)
    a_coupon(shop, "Secret", -1, 5, code="WELCOME")
    browser = Browser()
    page = browser.get(f"/s/{shop.slug}/coupons").html
    assert re.search(r"To use now.*For tea.*From a later day on.*Soon", page, re.S)
    assert "Once more" in page
    assert f'<a href="/s/{shop.slug}/p/tea-1">云雾茶 1</a>' in page
    assert "Secret" not in page
    assert "What you used" not in page
    order_something(browser, shop.slug)
    page = browser.get(f"/s/{shop.slug}/coupons").html
    assert re.search(r"What you used.*Now.*−¥5.00.*Over.*You have used it", page, re.S)
    with clock.shifted(timedelta(days=6)):
        page = browser.get(f"/s/{shop.slug}/coupons").html
    assert re.search(r"Over.*For tea", page, re.S)


def test_the_own_page_counts_and_leads_on(shop: Shop) -> None:
    browser = Browser()
    a_coupon(shop, "Now", -1, 5)
    heart(browser, shop, "keep", product_of(shop))
    page = browser.get(f"/s/{shop.slug}/me")
    for place in ("favourites", "coupons"):
        assert re.search(
            rf'href="/s/{shop.slug}/{place}".*?<span class="badge">1</span>\s*</a>', page.html, re.S
        )
    links = re.findall(r'href="(/[^"]+)"', page.html)
    broken = [link for link in links if not link.startswith("/static") and browser.get(link).status != 200]
    assert broken == []


def _new_address(browser: Browser, shop: Shop, **typed: str) -> Page:
    page = browser.get(f"/s/{shop.slug}/me/addresses/new")
    for name, code in (("province", "330000"), ("city", "330100"), ("county", "330106")):
        page = browser.send(page.form("/new"), ("step", "region"), **(ADDRESS | typed | {name: code}))
    return browser.send(page.form("/new"))


def test_an_address_is_written_changed_made_the_default_and_deleted(shop: Shop) -> None:
    browser = Browser()
    assert "No addresses yet" in browser.get(f"/s/{shop.slug}/me/addresses").html
    _new_address(browser, shop)
    page = _new_address(browser, shop, detail="同道路 2 号")
    assert re.search(r"Default.*文三路.*同道路 2 号", page.html, re.S)
    page = browser.send(page.form("/default"))
    assert re.search(r"Default.*同道路 2 号.*文三路", page.html, re.S)
    with merchant_scope(shop.merchant_id):
        first = KeptAddress.objects.get(is_default=True).id
    form = browser.get(f"/s/{shop.slug}/me/addresses/{first}").form(str(first))
    wrong = browser.send(form, recipient="", phone="1")
    assert (wrong.status, wrong.html.count('class="error"')) == (422, 2)
    assert "林大满" in browser.send(form, recipient="林大满").html
    gone = browser.send(browser.get(f"/s/{shop.slug}/me/addresses").form("/delete"))
    assert "林大满" not in gone.html
    assert "The address is deleted." in gone.html
    assert Browser().get(f"/s/{shop.slug}/me/addresses/{first}").status == 404


def test_the_checkout_takes_addresses_from_the_book_and_keeps_new_ones(paid_shop: Shop) -> None:
    shop, browser = paid_shop, Browser()
    put_into_cart(browser, shop.slug)
    page = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout"))
    form = page.form("/checkout")
    form.values["keep"] = ["1"]
    browser.send(form)
    _new_address(browser, shop, detail="同道路 2 号")
    put_into_cart(browser, shop.slug)
    page = browser.get(f"/s/{shop.slug}/checkout")
    form = page.form("/checkout")
    assert form.values["detail"] == [ADDRESS["detail"]]
    other = next(button for button in form.buttons if button[0] == "address" and button[1])
    ids = [button for button in form.buttons if button[0] == "address"]
    assert len(ids) == 2
    page = browser.send(form, ids[1])
    assert page.form("/checkout").values["detail"] == ["同道路 2 号"]
    assert browser.send(form, ("address", str(shop.skus[0]))).status == 404
    assert other in ids


def test_a_guests_favourites_follow_into_the_account(shop: Shop) -> None:
    person, name = with_password()
    browser = Browser()
    heart(browser, shop, "keep", product_of(shop))
    form = browser.get(f"/s/{shop.slug}/sign-in").form("/sign-in")
    browser.send(form, sign_in_name=name, password=PASSWORD)
    assert str(browser.client.session["_auth_user_id"]) == str(person.pk)
    assert 'aria-pressed="true"' in browser.get(f"/s/{shop.slug}/favourites").html


def test_what_is_shared_says_an_honest_price_and_has_a_picture(shop: Shop) -> None:
    html = Browser().get(f"/s/{shop.slug}/p/tea-1").html
    assert '<meta property="og:type" content="product">' in html
    assert '<meta property="product:price:amount" content="128.00">' in html
    assert '<meta property="og:description" content="¥128.00 · 云雾茶 1">' in html
    assert f'<meta property="og:image" content="{settings.BASE_URL}/static/kit/icon-512.' in html
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get(handle="tea-1")
        ProductImage.objects.create(product=product, position=1, file="one.png", state="ready")
        set_price(shop.skus[0], Fen(9_950), actor=shop.owner)
        promoter = join_promoter(create_guest().id, shown_name="阿茶", actor=shop.owner)
        link = create_link(channel="chat", promoter_id=promoter.id, product_id=product.id, actor=shop.owner)
    led = Browser().get(f"/l/{link.token}").html
    assert f'<meta property="og:image" content="{settings.BASE_URL}/media/one.png">' in led
    assert '<meta property="product:price:amount" content="99.50">' in led
    assert f'<link rel="canonical" href="{settings.BASE_URL}/s/{shop.slug}/p/tea-1">' in led
    front = Browser().get(f"/s/{shop.slug}/").html
    assert "product:price" not in front
    assert f'<meta property="og:image" content="{settings.BASE_URL}/static/' in front


def test_what_was_sold_once_is_gone_and_what_never_was_is_not_there(shop: Shop) -> None:
    browser = Browser()
    add_product(shop, "draft", "Draft", {(): (500, 5)})
    order_something(browser, shop.slug)
    with merchant_scope(shop.merchant_id):
        ids = dict(Product.objects.values_list("handle", "id"))
        link = create_link(channel="chat", product_id=ids["tea-1"], actor=shop.owner)
        for id in ids.values():
            set_published(id, False, actor=shop.owner)
    for _ in range(2):  # the long way, and the short one
        assert browser.get(f"/s/{shop.slug}/p/tea-1").status == 410
        assert browser.get(f"/s/{shop.slug}/p/draft").status == 404
    assert "This is not sold any more." in browser.get(f"/s/{shop.slug}/p/tea-1").html
    led = Browser().get(f"/l/{link.token}")
    assert led.status == 200
    assert "What this link led to is not sold any more." in led.html


def test_a_store_is_installable(shop: Shop) -> None:
    browser = Browser()
    html = browser.get(f"/s/{shop.slug}/").html
    found = re.search(r'<link rel="manifest" href="([^"]+)"', html)
    assert found
    answer = browser.client.get(found[1])
    assert answer["Content-Type"] == "application/manifest+json"
    described = json.loads(answer.content)
    assert described["start_url"].startswith(described["scope"])
    assert described["name"] == "山间茶舍"
    assert {icon["sizes"] for icon in described["icons"]} == {"192x192", "512x512"}
    for icon in described["icons"]:
        assert icon["src"].startswith("/static/kit/icon-")
    assert html.count('<meta name="theme-color"') == 2


@pytest.mark.parametrize("page", ["favourites", "coupons", "seen", "me/addresses", "me"])
def test_own_pages_are_nobodys_to_index_and_make_nothing(shop: Shop, page: str) -> None:
    before = Person.objects.count()
    html = Browser().get(f"/s/{shop.slug}/{page}").html
    assert '<meta name="robots" content="noindex">' in html
    assert Person.objects.count() == before
