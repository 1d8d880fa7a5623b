"""Pages that all visitors share: they follow every change, and hold nothing of one visitor or one store."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.faces.shop.browsing import Browser, put_into_cart
from tests.faces.shop.goods import add_product
from tests.support.builders import Shop, make_shop
from tongdao.faces.shop.shared import PAGES as KEPT
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.catalog.operations import set_price, set_published, set_saleable
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.models import BrowserSession
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link

PAGES = ("/s/{}/p/tea-1", "/s/{}/", "/s/{}/categories")


def get(path: str, client: Client | None = None, language: str = "en", **headers: str) -> Any:
    return (client or Client()).get(path, headers={"accept-language": language, **headers})


def _reprice(shop: Shop) -> None:
    set_price(shop.skus[0], Fen(9_911), actor=shop.owner)


def _rename(shop: Shop) -> None:
    Storefront.objects.update(name="北山茶行")


def _retitle(shop: Shop) -> None:
    Product.objects.filter(handle="tea-1").update(title="明前云雾")  # past all operations


def _sell_out(shop: Shop) -> None:
    set_on_hand({shop.skus[0]: 0}, node_id=shop.node_id, reason="count", actor=shop.owner)


def _picture(shop: Shop) -> None:
    product = Product.objects.get(handle="tea-1")
    ProductImage.objects.create(product=product, position=1, file="one.png", state="ready")


def _take_out(shop: Shop) -> None:
    set_saleable(shop.skus[0], False, actor=shop.owner)


CHANGES: list[Callable[[Shop], None]] = [_reprice, _rename, _retitle, _sell_out, _picture, _take_out]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_each_change_is_shown_and_changes_the_tag(
    shop: Shop, path: str, change: Callable[[Shop], None]
) -> None:
    path = path.format(shop.slug)
    first = get(path)
    again = get(path, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    with merchant_scope(shop.merchant_id):
        change(shop)
    after = get(path, if_none_match=first["ETag"])
    assert (after.status_code, after["ETag"] != first["ETag"]) == (200, True)
    assert after.content != first.content


def test_the_number_left_is_followed_where_it_is_shown_and_only_there(shop: Shop) -> None:
    path = f"/s/{shop.slug}/p/tea-1"
    assert b"10 left" in get(path).content
    with merchant_scope(shop.merchant_id):
        Stock.objects.update(reserved=3)
    assert b"7 left" in get(path).content
    front = get(f"/s/{shop.slug}/")["ETag"]
    with merchant_scope(shop.merchant_id):
        Stock.objects.update(reserved=4)
    assert get(f"/s/{shop.slug}/", if_none_match=front).status_code == 304


def test_a_new_product_comes_to_the_shelf_and_a_hidden_one_goes(shop: Shop) -> None:
    front, page = f"/s/{shop.slug}/", f"/s/{shop.slug}/p/cup"
    assert b"Blue cup" not in get(front).content
    add_product(shop, "cup", "Blue cup", {(): (500, 5)})
    assert b"Blue cup" in get(front).content
    assert [get(page).status_code for _ in range(2)] == [200, 200]
    with merchant_scope(shop.merchant_id):
        set_published(Product.objects.get(handle="cup").id, False, actor=shop.owner)
    assert b"Blue cup" not in get(front).content
    assert get(page).status_code == 404


def test_what_a_page_says_of_days_moves_on_with_them(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(9_700), compare_at=Fen(20_000), actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(19_900), actor=shop.owner)
    assert b"97.00" in get(f"/s/{shop.slug}/p/tea-1").content  # the lowest of the last 30 days
    with clock.shifted(timedelta(days=40)):
        KEPT.clear()  # as after LASTS seconds
        assert b"97.00" not in get(f"/s/{shop.slug}/p/tea-1").content


@pytest.mark.parametrize("path", PAGES)
def test_each_language_has_its_own_page_and_tag(shop: Shop, path: str) -> None:
    path = path.format(shop.slug)
    for _ in range(2):  # the long way, and the short one
        english, chinese = get(path), get(path, language="zh-CN")
        assert (english["Content-Language"], chinese["Content-Language"]) == ("en", "zh-hans")
        assert b'<html lang="en"' in english.content
        assert b'<html lang="zh-hans"' in chinese.content
        assert english["ETag"] != chinese["ETag"]
        assert {name.strip() for name in english["Vary"].split(",")} == {
            "Cookie",
            "Accept-Encoding",
            "Accept-Language",
        }
        assert english["Cache-Control"] == "private, no-cache"
    chosen = Client()
    chosen.cookies["django_language"] = "zh-hans"
    assert [get(path, chosen).content for _ in range(2)] == [chinese.content] * 2


@pytest.mark.parametrize("path", PAGES)
def test_the_short_way_says_all_that_the_long_one_says(shop: Shop, path: str) -> None:
    path = path.format(shop.slug)
    long, short = get(path), get(path)
    differing = {"X-Request-Id"}
    assert {k: v for k, v in long.items() if k not in differing} == {
        k: v for k, v in short.items() if k not in differing
    }
    assert long.content == short.content
    assert long["X-Request-Id"] != short["X-Request-Id"]
    assert "Content-Security-Policy" in short
    assert not short.cookies
    head = Client().head(path, headers={"accept-language": "en"})
    assert (head.status_code, head["ETag"], head["Content-Length"]) == (
        200, short["ETag"], str(len(short.content))
    )  # fmt: skip


def test_both_ways_pack_the_page_for_who_takes_it_so(shop: Shop) -> None:
    path = f"/s/{shop.slug}/p/tea-1"
    plain = get(path).content
    for _ in range(2):
        packed = get(path, accept_encoding="gzip")
        assert gzip.decompress(packed.content) == plain
        assert packed["Content-Length"] == str(len(packed.content))
        assert get(path, accept_encoding="gzip", if_none_match=packed["ETag"]).status_code == 304
        bare = get(path)
        assert (bare.content, "Content-Encoding" in bare) == (plain, False)


def test_a_name_that_is_not_ours_is_refused_on_the_short_way_too(shop: Shop) -> None:
    path = f"/s/{shop.slug}/p/tea-1"
    assert [get(path).status_code for _ in range(2)] == [200, 200]
    assert get(path, host="evil.example").status_code == 400


def test_what_is_a_visitors_own_reaches_no_other(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(create_guest().id, shown_name="Auntie Wang", actor=shop.owner)
        link = create_link(channel="chat", promoter_id=promoter.id, actor=shop.owner)
    path = f"/s/{shop.slug}/p/tea-1"
    before = get(path)
    known = Browser()
    known.get(f"/l/{link.token}")
    said = put_into_cart(known, shop.slug).html
    assert "Auntie Wang" in said
    assert "is in your cart" in said
    assert '<span class="badge">1</span>' in said
    assert "\0" not in said
    for _ in range(2):
        after = get(path)
        assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    own = known.client.get(path, headers={"if-none-match": before["ETag"]})
    assert (own.status_code, own["ETag"] != before["ETag"]) == (200, True)
    assert b'<span class="badge">1</span>' in own.content
    assert known.client.get(path, headers={"if-none-match": own["ETag"]}).status_code == 304
    assert b"badge" not in before.content


def test_no_page_that_is_shared_holds_a_secret_or_gives_a_cookie(shop: Shop) -> None:
    sessions = BrowserSession.objects.count()
    for path in PAGES:
        answer = get(path.format(shop.slug))
        assert not answer.cookies
        assert not re.search(rb"csrf|\0", answer.content)
    assert BrowserSession.objects.count() == sessions


def test_stores_with_the_same_goods_share_nothing() -> None:
    one, other = make_shop((7_777_700,)), make_shop((8_888_800,))
    for path in PAGES:
        for _ in range(2):
            assert b"77,777" in get(path.format(one.slug)).content
            assert b"88,888" not in get(path.format(one.slug)).content
            assert b"88,888" in get(path.format(other.slug)).content
    with merchant_scope(one.merchant_id):
        set_price(one.skus[0], Fen(6_666_600), actor=one.owner)
    assert b"66,666" in get(PAGES[0].format(one.slug)).content
    assert b"88,888" in get(PAGES[0].format(other.slug)).content


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://testserver"}, 302),
        ({"sec_fetch_site": "same-origin"}, 302),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example", "sec_fetch_site": "same-origin"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_pages_put_things_into_a_cart(shop: Shop, headers: dict[str, str], status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    sent = {"sku": str(shop.skus[0]), "quantity": "1", "then": "cart"}
    answer = client.post(f"/s/{shop.slug}/p/tea-1/choose", sent, headers=headers)
    assert answer.status_code == status
    with merchant_scope(shop.merchant_id):
        assert Sku.objects.get(pk=shop.skus[0]).saleable
    assert ("td_session" in client.cookies) == (status == 302)
