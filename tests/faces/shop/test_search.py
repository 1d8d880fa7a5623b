"""Searching a shop: what is marked, what is said when nothing is there; nothing typed is an operator."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.goods.search.shelves import Goods, put
from tests.support.builders import Shop, make_shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product

HOSTILE = [
    "%",
    "_",
    "&",
    "|",
    "!",
    "'",
    '"',
    "' or 1=1 --",
    '"><script>alert(1)</script>',
    "\\",
    "(((",
    ":*",
    "<->",
    "{}",
    "$1 %s",
    "茶" * 5_000,
    "a " * 5_000,
    "x'" * 5_000,
    "\u202e\ufeff\u0301",
    "=longjing",
    "~lj",
    "#",
    "\ud7ff\U0010ffff",
]


def get(shop: Shop, query: str, page: str = "search", language: str = "zh-hans", **more: str) -> Any:
    asked = "&".join(f"{name}={quote(value)}" for name, value in {"q": query, **more}.items())
    return Client().get(f"/s/{shop.slug}/{page}?{asked}", headers={"accept-language": language})


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def shown(response: Any) -> list[str]:
    """The titles on the cards, without the marks."""
    found = re.findall(r'<span class="title">(.*?)</span>', text_of(response))
    return [html.unescape(re.sub(r"</?mark>", "", title)) for title in found]


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    made = make_shop()
    put(
        made,
        Goods("西湖龙井茶 特级", product_type="绿茶", codes=["LJ-001"]),
        Goods("<b>茶</b> & 杯", product_type="器物"),
        Goods("还没上架的龙井", published=False),
    )
    return made


def test_matches_are_marked_and_titles_escaped(shop: Shop) -> None:
    assert "西湖<mark>龙井</mark>茶 特级" in text_of(get(shop, "龙井"))
    assert "西湖<mark>龙井</mark>茶 特级" in text_of(get(shop, "longjing"))
    assert "西湖<mark>龙井</mark>茶 特级" in text_of(get(shop, "lonjing"))
    page = text_of(get(shop, "茶"))
    assert "&lt;b&gt;<mark>茶</mark>&lt;/b&gt; &amp; 杯" in page
    assert "<b>" not in page
    assert "<mark>龙井</mark>" in text_of(get(shop, "龙井", "search/suggest"))


def test_only_what_is_for_sale_is_shown(shop: Shop) -> None:
    assert shown(get(shop, "龙井")) == ["西湖龙井茶 特级"]
    assert "还没上架" not in text_of(get(shop, "还没上架", "search/suggest"))
    with merchant_scope(shop.merchant_id):  # and the index has not heard of it yet
        product = Product.objects.get(title="西湖龙井茶 特级")
        Product.objects.filter(pk=product.id).update(published=False)
    assert shown(get(shop, "龙井")) == []
    with merchant_scope(shop.merchant_id):
        Product.objects.filter(pk=product.id).update(published=True)


def test_a_guess_is_said_and_an_empty_answer_helps(shop: Shop) -> None:
    assert "没有找到“lonjing”" in text_of(get(shop, "lonjing"))
    assert "下面是相近的商品" in text_of(get(shop, "lonjing"))
    assert "You may have meant one of these." in text_of(get(shop, "lonjing", language="en"))
    page = text_of(get(shop, "咖啡"))
    assert "没有找到“咖啡”" in page
    assert "拼音和首字母也可以" in page
    assert f"/s/{shop.slug}/search?q=%E7%BB%BF%E8%8C%B6" in page  # 绿茶, which the shop has
    assert "下面是相近的商品" not in page


def test_without_a_word_the_page_offers_what_there_is(shop: Shop) -> None:
    page = text_of(get(shop, ""))
    assert "器物" in page
    assert "没有找到" not in page
    assert text_of(get(shop, "", "search/suggest")).strip() == ""


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_is_an_operator(shop: Shop, query: str) -> None:
    page = text_of(get(shop, query))
    assert "<script>alert" not in page
    assert set(shown(get(shop, query))) <= {"<b>茶</b> & 杯", "西湖龙井茶 特级"}
    text_of(get(shop, query, "search/suggest"))


@pytest.mark.parametrize("query", ["%", "_", "&", "|", "'", '"', "=longjing%", "#", "l%"])
def test_signs_match_nothing_by_themselves(shop: Shop, query: str) -> None:
    wanted = ["西湖龙井茶 特级"] if "l" in query else []
    assert shown(get(shop, query)) == wanted


def test_pages_follow_each_other(shop: Shop) -> None:
    many = make_shop()
    put(many, *[f"花茶 {number:02d}" for number in range(60)])
    seen: list[str] = []
    response = get(many, "花茶")
    while True:
        seen += shown(response)
        found = re.search(r'href="[^"]*after=([\w-]+)"', text_of(response))
        if found is None:
            break
        response = get(many, "花茶", after=found[1])
    assert seen == [f"花茶 {number:02d}" for number in reversed(range(60))]


@pytest.mark.parametrize("after", ["x", "%00", "AAAA", "é", "A" * 5_000])
def test_an_invented_place_is_the_first_page(shop: Shop, after: str) -> None:
    if after == "%00":
        assert Client().get(f"/s/{shop.slug}/search?q=a&after=%00").status_code == 404
        return
    assert shown(get(shop, "龙井", after=after)) == ["西湖龙井茶 特级"]


def test_a_store_finds_nothing_of_its_neighbour(shop: Shop) -> None:
    other = make_shop()
    put(other, "邻家龙井")
    assert shown(get(other, "龙井")) == ["邻家龙井"]
    assert shown(get(shop, "邻家")) == []
    assert "邻家龙井" not in text_of(get(shop, "邻家", "search/suggest"))
    assert shown(get(shop, "linjia")) == []
    assert "没有找到" in text_of(get(shop, "linjia"))


def test_the_first_view_is_light(shop: Shop) -> None:
    assert len(get(shop, "茶").content) < 40_000
