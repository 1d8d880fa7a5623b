"""What is found by what is typed, and in which order."""

from __future__ import annotations

import pytest

from tests.goods.search.shelves import Goods, find, put, titles
from tests.support.builders import Shop, make_shop

LONGJING = "西湖龙井茶 明前特级 250g"
OOLONG = "安溪铁观音 浓香"
GIFT = "茶叶礼盒 龙井"
CUP = "手工建盏 茶杯"
PHONE = "iPhone 15 Pro 手机壳"
CITY = "重庆小面 5 袋装"


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    made = make_shop()
    put(
        made,
        Goods(LONGJING, vendor="狮峰", tags=["春茶"], codes=["LJ-001", "LJ-002"], options=["罐装", "袋装"]),
        Goods(OOLONG, product_type="乌龙茶", codes=["TGY_88/a"]),
        Goods(GIFT, codes=["GIFT-1"]),
        Goods(CUP),
        Goods(PHONE),
        Goods(CITY),
        Goods("老板娘的秘密 龙井", published=False),
    )
    return made


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("茶", [GIFT, CUP, LONGJING, OOLONG]),  # where the title begins so; then by newness; then the kind
        ("龙井", [GIFT, LONGJING]),
        ("铁观音", [OOLONG]),
        ("观音铁", []),
        ("茶 龙井", [GIFT, LONGJING]),
        ("龙井 特级", [LONGJING]),
        ("龙井特级", []),  # not beside each other, and nobody would mean it so
        ("狮峰", [LONGJING]),
        ("罐装", [LONGJING]),
        ("乌龙", [OOLONG]),
        ("longjing", [GIFT, LONGJING]),
        ("LongJingCha", [LONGJING]),
        ("longj", [GIFT, LONGJING]),
        ("long jing", [GIFT, LONGJING]),
        ("lj", [LONGJING, GIFT]),  # initials, and the beginning of a code
        ("xhlj", [LONGJING]),
        ("tieguanyin", [OOLONG]),
        ("chongqing", [CITY]),
        ("iphone", [PHONE]),
        ("iph", [PHONE]),
        ("iphone 15 手机壳", [PHONE]),
        ("手机ke", [PHONE]),
        ("ＩＰＨＯＮＥ", [PHONE]),
        ("250G", [LONGJING]),
        ("LJ-001", [LONGJING]),
        ("lj-0", [LONGJING]),
        ("tgy_88/A", [OOLONG]),
        ("tgy", [OOLONG]),
        ("gift-1", [GIFT]),
    ],
)
def test_what_is_typed_finds(shop: Shop, query: str, wanted: list[str]) -> None:
    assert titles(shop, query) == wanted
    assert not find(shop, query).guessed or not wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("lonjing", [GIFT, LONGJING]),  # left out
        ("longjinng", [GIFT, LONGJING]),  # added
        ("longking", [GIFT, LONGJING]),  # replaced
        ("lxxgjing", []),  # two edits
        ("zhongqing", [CITY]),  # the other reading
        ("olngjing", [GIFT, LONGJING]),  # swapped
        ("ipone", [PHONE]),
        ("iphnoe", [PHONE]),
        ("龙景", [GIFT, LONGJING]),  # another character of the same sound
        ("铁关音", [OOLONG]),
        ("龍井", [GIFT, LONGJING]),  # traditional
        ("lonjing 特级", [LONGJING]),
    ],
)
def test_one_mistake_is_forgiven_and_said(shop: Shop, query: str, wanted: list[str]) -> None:
    assert titles(shop, query) == wanted
    assert find(shop, query).guessed


def test_staff_find_what_is_hidden(shop: Shop) -> None:
    assert titles(shop, "老板娘") == []
    assert titles(shop, "老板娘", hidden=True) == ["老板娘的秘密 龙井"]
