"""Searching a store for programs: pages by cursor, guesses, nothing of neighbours, no operators."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.goods.search.shelves import Goods, put
from tests.support.builders import Shop, make_shop


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    made = make_shop()
    put(
        made,
        *[Goods(f"西湖龙井 {n}", codes=[f"LJ-{n}"]) for n in range(7)],
        Goods("藏起来的龙井", published=False),
    )
    return made


def ask(shop: Shop, **asked: object) -> Any:
    return Client().get(f"/api/v1/stores/{shop.slug}/search?{urlencode(asked)}")


def titles(answer: Any) -> list[str]:
    return [item["title"] for item in answer.json()["items"]]


@pytest.mark.parametrize("query", ["龙井", "longjing", "lj", "lonjing"])
def test_pages_follow_by_cursor(shop: Shop, query: str) -> None:
    seen, cursor = [], ""
    while True:
        answer = ask(shop, q=query, limit=3, cursor=cursor)
        assert answer.status_code == 200
        assert answer.json()["guessed"] is (query == "lonjing")
        seen += titles(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert seen == [f"西湖龙井 {n}" for n in reversed(range(7))]


def test_a_card_says_what_is_bought_for_what(shop: Shop) -> None:
    (item,) = ask(shop, q="LJ-3").json()["items"]
    assert (item["title"], item["from_fen"], item["currency"]) == ("西湖龙井 3", 100, "CNY")


def test_nothing_asked_is_nothing_found(shop: Shop) -> None:
    for query in ("", "  ", "%", "' or 1=1 --", "%_" * 5_000):
        assert ask(shop, q=query).json() == {"items": [], "guessed": False, "next": None}


@pytest.mark.parametrize("cursor", ["x", "AAAA", "..", "A" * 64])
def test_an_invented_cursor_is_refused(shop: Shop, cursor: str) -> None:
    answer = ask(shop, q="龙井", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_a_cursor_of_a_neighbour_opens_nothing(shop: Shop) -> None:
    theirs = make_shop()
    put(theirs, "邻家龙井 一", "邻家龙井 二")
    cursor = ask(theirs, q="龙井", limit=1).json()["next"]
    answer = ask(shop, q="龙井", limit=20, cursor=cursor)
    assert all(title.startswith("西湖") for title in titles(answer))
    assert titles(ask(shop, q="邻家")) == titles(ask(shop, q="linjia")) == []
