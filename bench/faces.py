"""`make bench-faces`: what people at the pages wait for, against the bare query behind it.

search: the time in which 99 of 100 product searches are answered, with 100,000 products, typed as people type
(words, one character, sounds, initials, codes, two words, mistakes), against one equality query on an index;
both in a scope of their own, in the same process, taking turns.

console_orders: the order list page with its filters at a million orders, see orders_page.py.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bench.orders_page import measure
from bench.report import RESULTS, Result, publish, result, shown, table
from bench.stack import running, say

CHUNK = 1000
PLACES = (
    "西湖 安溪 武夷山 勐海 福鼎 黄山 信阳 祁门 君山 六安 洞庭 蒙顶 凤凰 政和 都匀 庐山 太平 景德镇 宜兴 龙泉"
)
KINDS = "龙井 铁观音 大红袍 普洱 白茶 毛峰 毛尖 红茶 银针 瓜片 碧螺春 甘露 单丛 寿眉 云雾 猴魁 茶杯 紫砂壶"
GRADES = "明前 雨前 特级 一级 陈年 手工 古树 高山 有机 头采 浓香 清香 炭焙 窖藏 原叶"
SHAPES = "罐装 礼盒 袋装 散装 茶饼 小罐 试饮 家用 办公 旅行"
NAMES = "Tingxiu Yunwu Nature Classic Studio Heritage Origin Master Daily Prime"
SHARES = {  # of a hundred searches
    "a word of two characters": 30,
    "a sound": 20,
    "two words": 15,
    "initials": 10,
    "one character": 10,
    "the beginning of a code": 10,
    "a mistake": 5,
}


@dataclass(frozen=True)
class Goods:
    """A product of the bench, by its number."""

    place: str
    kind: str
    grade: str
    shape: str
    name: str
    code: str

    @property
    def title(self) -> str:
        return f"{self.place}{self.kind} {self.grade}{self.shape} {self.name} {self.code[-4:]}"


def main() -> int:
    options = _options()
    names = options.only.split(",")
    if len(names) > 1:  # settings are read once in a process, and each part has a database of its own
        return max(_alone(name) for name in names)
    if "search" in names:
        with running(_part(options.data, "search"), web=False):
            say(f"Making and indexing {options.products:,} products …")
            merchant, goods = _fill(options.products)
            publish("faces", [_search(merchant, goods, options.searches)], directory=options.results)
    if "console_orders" in names:
        found = measure(_part(options.data, "orders"), options.orders, options.rounds)
        publish("faces", [found], directory=options.results)
    return 0


def _alone(name: str) -> int:
    """The same command for one part, in a process of its own; its exit status."""
    asked = [sys.executable, "-m", "bench.faces", *sys.argv[1:], "--only", name]
    return subprocess.run(asked, check=False).returncode


def _part(data: Path | None, name: str) -> Path | None:
    return data / name if data else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-faces", description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--searches", type=int, default=5_000)
    parser.add_argument("--only", default="search,console_orders", help="which to measure, by comma")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60, help="of each filter of the order list")
    parser.add_argument("--data", type=Path, help="keep the data here, and go on with them")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the file with the results goes")
    return parser.parse_args()


def _goods(number: int) -> Goods:
    draw = random.Random(number)  # noqa: S311 (made-up goods, the same in each run)
    parts = [draw.choice(words.split()) for words in (PLACES, KINDS, GRADES, SHAPES, NAMES)]
    return Goods(*parts, code=f"{parts[4][:3]}-{number:06d}")


def _fill(products: int) -> tuple[UUID, list[Goods]]:
    from django.db import connection

    from tongdao.foundation import directory
    from tongdao.foundation.actors import Actor
    from tongdao.foundation.events import run_reader
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.goods.search.models import SearchDocument
    from tongdao.party.merchants.operations import open_merchant
    from tongdao.party.people.operations import create_guest

    goods = [_goods(number) for number in range(products)]
    store = directory.lookup("storefront", "bench-search")
    if store is None:
        owner = create_guest()
        merchant_id = open_merchant(
            name="Bench", slug="bench-search", owner_id=owner.id, actor=Actor("person", owner.id)
        )[0].id
    else:
        merchant_id = store.merchant_id
    with merchant_scope(merchant_id):
        there = SearchDocument.objects.count()
    started = time.monotonic()
    for first in range(there, products, CHUNK):
        _make(merchant_id, first, goods[first : first + CHUNK])
        while run_reader("search.products", merchant_id):
            continue
    say(f"  {time.monotonic() - started:,.0f} s")
    with connection.cursor() as cursor:
        names = ("posting", "document", "token", "spelling")
        cursor.execute("select " + ", ".join(f"pg_total_relation_size('search_{name}')" for name in names))
        sizes = zip(names, cursor.fetchone(), strict=True)
    say("  MB: " + ", ".join(f"{name} {size / 2**20:,.0f}" for name, size in sizes))
    _analyse()
    return merchant_id, goods


def _make(merchant_id: UUID, first: int, goods: Sequence[Goods]) -> None:
    from tongdao.foundation.actors import SYSTEM
    from tongdao.foundation.events import Code, as_row, record_many
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.goods.catalog.events import ProductCreated
    from tongdao.goods.catalog.models import Product, Sku

    with merchant_scope(merchant_id):
        products = [
            Product(handle=f"p-{first + place}", title=each.title, vendor=each.name, published=True)
            for place, each in enumerate(goods)
        ]
        Product.objects.bulk_create(products)
        Sku.objects.bulk_create(
            Sku(product=product, position=1, code=each.code, currency="CNY", price_fen=100)
            for product, each in zip(products, goods, strict=True)
        )
        created = ProductCreated(source=Code("bench"), sku_count=1)
        record_many([as_row(created, subject=product, actor=SYSTEM) for product in products])


def _analyse() -> None:
    """What autovacuum does after a while."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        for name in (
            "search_posting",
            "search_document",
            "search_token",
            "search_spelling",
            "product",
            "sku",
        ):
            cursor.execute(f"vacuum analyze {name}")


def _search(merchant: UUID, goods: Sequence[Goods], searches: int) -> Result:
    from tongdao.foundation.prepared import execute_prepared
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.goods.search.queries import find_products

    def equality(handle: str) -> int:
        with merchant_scope(merchant):
            statement = "select id, title from product where merchant_id = %s and handle = %s"
            return len(execute_prepared(statement, [merchant, handle]).fetchall())

    def search(query: str) -> int:
        with merchant_scope(merchant):
            return len(find_products(query).ids)

    draw = random.Random(4)  # noqa: S311 (the same searches in each run)
    kinds = draw.choices(list(SHARES), list(SHARES.values()), k=searches)
    ours: dict[str, list[float]] = {}
    reference: list[float] = []
    empty = 0
    for number, kind in enumerate([*kinds[:200], *kinds]):
        place = draw.randrange(len(goods))
        query = _typed(kind, goods[place], draw)
        equal, _ = _timed(equality, f"p-{place}")
        took, found = _timed(search, query)
        if number >= 200:  # the first ones load what is needed
            ours.setdefault(kind, []).append(took)
            reference.append(equal)
            empty += not found
    _tell(ours, reference, empty)
    every = [took for kind in ours.values() for took in kind]
    unit = f"ms, 99 of 100 are faster, {len(goods):,} products, reference: an equality query; lower is better"
    return result("search", _p99(every), _p99(reference), unit)


def _typed(kind: str, goods: Goods, draw: random.Random) -> str:
    sound = _sound(goods.place + goods.kind)
    word = draw.choice((goods.place, goods.kind, goods.grade, goods.shape))
    wrong = draw.randrange(1, len(sound))
    return {
        "a word of two characters": word[:2],
        "a sound": _sound(word),
        "two words": f"{goods.kind} {goods.shape}",
        "initials": "".join(_sound(char)[0] for char in word),
        "one character": word[0],
        "the beginning of a code": goods.code[: draw.randrange(4, len(goods.code))],
        "a mistake": sound[:wrong] + sound[wrong + 1 :],
    }[kind]


def _sound(characters: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(characters))


def _timed(act: Callable[[str], int], text: str) -> tuple[float, int]:
    """Milliseconds, and what came of it."""
    started = time.perf_counter()
    found = act(text)
    return (time.perf_counter() - started) * 1000, found


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _tell(ours: dict[str, list[float]], reference: list[float], empty: int) -> None:
    rows = [("typed", "p50 ms", "p99 ms", "searches")]
    for kind, times in {**ours, "(equality)": reference}.items():
        rows.append((kind, shown(statistics.median(times)), shown(_p99(times)), str(len(times))))
    say(table(rows))
    say(f"searches that found nothing: {empty}")


if __name__ == "__main__":
    sys.exit(main())
