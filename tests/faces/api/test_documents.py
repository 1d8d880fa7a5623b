"""API answers that all callers share: they follow every change, with tags, and each store has its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.support.builders import Shop, make_shop
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.operations import set_price, set_published
from tongdao.goods.inventory.models import Stock


@pytest.fixture
def shop() -> Shop:
    return make_shop((12_800, 5_000), stock=20)


def get(path: str, language: str = "en", **headers: str) -> Any:
    return Client().get(f"/api/v1/stores/{path}", headers={"accept-language": language, **headers})


def product(shop: Shop) -> str:
    return f"{shop.slug}/products/tea-1"


def test_who_has_it_gets_304_until_the_price_changes(shop: Shop) -> None:
    for path in (product(shop), f"{shop.slug}/products"):
        first = get(path)
        for _ in range(2):
            same = get(path, if_none_match=first["ETag"])
            assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
        assert first["Cache-Control"] == "public, no-cache"
        assert first["Content-Type"].startswith("application/json")
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(9_900), actor=shop.owner)
    for path in (product(shop), f"{shop.slug}/products"):
        assert get(path, if_none_match=first["ETag"]).status_code == 200
    sku = get(product(shop)).json()["skus"][0]
    assert (sku["price_fen"], sku["price_version"]) == (9_900, 2)


def test_the_hint_moves_where_the_stock_crosses_its_border_and_nothing_else_does(shop: Shop) -> None:
    tags, hints = [], []
    for reserved in (0, 14, 15, 16, 20):
        with merchant_scope(shop.merchant_id):
            Stock.objects.filter(sku_id=shop.skus[0]).update(reserved=reserved)
        answer = get(product(shop))
        tags.append(answer["ETag"])
        hints.append(answer.json()["skus"][0]["stock_hint"])
    assert hints == ["available", "available", "few", "few", "sold_out"]
    assert (tags[0] == tags[1], tags[2] == tags[3], len(set(tags))) == (True, True, 3)


def test_it_says_the_same_in_every_language(shop: Shop) -> None:
    assert get(product(shop))["ETag"] == get(product(shop), language="zh-CN")["ETag"]


def test_the_short_way_says_all_that_the_long_one_says(shop: Shop) -> None:
    long, short = get(product(shop)), get(product(shop))
    assert {k: v for k, v in long.items() if k != "X-Request-Id"} == {
        k: v for k, v in short.items() if k != "X-Request-Id"
    }
    assert (long.content, long["X-Request-Id"] != short["X-Request-Id"]) == (short.content, True)


def test_what_was_taken_out_is_404_at_once(shop: Shop) -> None:
    assert [get(product(shop)).status_code for _ in range(2)] == [200, 200]
    with merchant_scope(shop.merchant_id):
        set_published(Product.objects.get(handle="tea-1").id, False, actor=shop.owner)
    gone = get(product(shop))
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert [item["handle"] for item in get(f"{shop.slug}/products").json()["items"]] == ["tea-2"]


def test_stores_with_the_same_goods_share_nothing(shop: Shop) -> None:
    other = make_shop((7_777,))
    for _ in range(2):
        assert get(product(shop)).json()["skus"][0]["price_fen"] == 12_800
        assert get(product(other)).json()["skus"][0]["price_fen"] == 7_777
    assert get(f"{other.slug}/products/tea-2").status_code == 404
    assert get(f"{other.slug}/products").json()["items"][0]["from_fen"] == 7_777


def test_each_page_of_a_list_is_its_own(shop: Shop) -> None:
    pages = [get(f"{shop.slug}/products?limit=1&offset={offset}").json() for offset in (0, 1, 0)]
    assert [page["items"][0]["handle"] for page in pages] == ["tea-2", "tea-1", "tea-2"]
    assert [page["more"] for page in pages] == [True, False, True]
