"""The index follows the products, forgets what they were, and is the same when read from zero."""

from __future__ import annotations

import io
import re
import time
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection

from tests.goods.search.shelves import Goods, find, put, titles
from tests.support.builders import Shop, make_shop
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Code, as_row, record_many, run_reader
from tongdao.foundation.events.testing import assert_replay_equal
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope, node_scope
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import set_price, set_published, set_saleable
from tongdao.goods.search.models import SearchDocument, SearchPosting, SearchSpelling, SearchToken
from tongdao.goods.search.queries import by_name, find_products
from tongdao.goods.search.spelling import cuts


@pytest.fixture
def shop(cluster: object) -> Shop:
    return make_shop()


def read(shop: Shop) -> None:
    run_reader("search.products", shop.merchant_id)


def test_it_follows_a_title_and_forgets_the_old_one(shop: Shop) -> None:
    (tea,) = put(shop, Goods("西湖龙井", codes=["LJ-1"]))
    with merchant_scope(shop.merchant_id):
        Product.objects.filter(pk=tea.id).update(title="安溪铁观音")
        record_many([as_row(ProductUpdated(source=Code("test")), subject=tea, actor=SYSTEM)])
    read(shop)
    assert titles(shop, "龙井") == titles(shop, "longjing") == []
    assert titles(shop, "铁观音") == titles(shop, "lj-1") == ["安溪铁观音"]
    with merchant_scope(shop.merchant_id):
        kept = SearchDocument.objects.get(pk=tea.id).tokens
        assert dict(SearchPosting.objects.filter(pk=tea.id).values_list("token", "weight")) == kept


def test_it_counts_the_products_of_a_token_and_spells_what_is_there(shop: Shop) -> None:
    tea, gift = put(shop, Goods("西湖龙井 250g", codes=["LJ-1234"]), "龙井 250g Gift")
    _assert_counted(shop)
    with merchant_scope(shop.merchant_id):
        assert SearchToken.objects.get(token="龙井").products == 2
        Product.objects.filter(pk=tea.id).update(title="安溪铁观音")
        Product.objects.filter(pk=gift.id).update(
            title="Gift 龙井"
        )  # the same tokens elsewhere, and one less
        updated = ProductUpdated(source=Code("test"))
        record_many([as_row(updated, subject=each, actor=SYSTEM) for each in (tea, gift)])
    read(shop)
    _assert_counted(shop)
    with merchant_scope(shop.merchant_id):
        assert not SearchToken.objects.filter(token="250g").exists()
        assert SearchToken.objects.get(token="龙井").products == 1


def _assert_counted(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        tokens = Counter(SearchPosting.objects.values_list("token", flat=True))
        assert dict(SearchToken.objects.values_list("token", "products")) == dict(tokens)
        spelled = {(cut, token) for token in tokens for cut in cuts(token)}
        assert set(SearchSpelling.objects.values_list("cut", "token")) == spelled


def test_it_follows_what_is_on_sale(shop: Shop) -> None:
    (tea,) = put(shop, "西湖龙井")
    with merchant_scope(shop.merchant_id):
        sku = Sku.objects.get(product=tea)
    for hide, show in (
        (
            lambda: set_published(tea.id, False, actor=SYSTEM),
            lambda: set_published(tea.id, True, actor=SYSTEM),
        ),
        (lambda: set_saleable(sku.id, False, actor=SYSTEM), lambda: set_saleable(sku.id, True, actor=SYSTEM)),
    ):
        for act, wanted in ((hide, []), (show, ["西湖龙井"])):
            with merchant_scope(shop.merchant_id):
                act()
            read(shop)
            assert titles(shop, "龙井") == wanted
            assert titles(shop, "龙井", hidden=True) == ["西湖龙井"]


def test_a_price_writes_nothing(shop: Shop) -> None:
    (tea,) = put(shop, "西湖龙井")
    written = _written(shop)
    with merchant_scope(shop.merchant_id):
        set_price(Sku.objects.get(product=tea).id, Fen(777), actor=SYSTEM)
    read(shop)
    assert _written(shop) == written


def _written(shop: Shop) -> list[tuple[str]]:
    """The transactions that wrote the index."""
    with merchant_scope(shop.merchant_id), connection.cursor() as cursor:
        cursor.execute(
            "select xmin::text from search_document union all select xmin::text from search_posting"
        )
        return list(cursor.fetchall())


def test_it_is_the_same_from_zero_and_by_the_command(shop: Shop) -> None:
    put(shop, "西湖龙井", Goods("安溪铁观音", codes=["TGY"], published=False), "iPhone 手机壳")
    assert assert_replay_equal("search.products", shop.merchant_id, ignore=(), chunk=2) == 3
    told = io.StringIO()
    call_command("rebuild_search", merchant=shop.merchant_id, stdout=told)
    assert told.getvalue() == f"{shop.merchant_id}: 3 products out of 3 events\n"
    assert titles(shop, "龙井") == ["西湖龙井"]


def test_pages_hold_every_product_once_in_one_order(shop: Shop) -> None:
    """Of several meanings at once: the word cha, the sound of 茶, initials, a code."""
    goods = [
        Goods(f"{kind} {n}", tags=["茶"], codes=[f"cha-{kind}-{n}"])
        for n in range(6)
        for kind in ("茶", "红茶", "cha")
    ]
    put(shop, *goods)
    whole = find(shop, "cha", limit=100).ids
    assert len(whole) == len(set(whole)) == 18
    for size in (1, 4, 17):
        seen, place = [], None
        while True:
            found = find(shop, "cha", limit=size, after=place)
            seen += found.ids
            place = found.after
            if place is None:
                break
        assert tuple(seen) == whole
    wrong = find(shop, "hongchha", limit=2)
    assert wrong.guessed and wrong.after is not None and wrong.after.guessed
    assert len(find(shop, "hongchha", limit=9, after=wrong.after).ids) == 4


def test_names_sort_by_their_sound(shop: Shop) -> None:
    put(shop, "重庆小面", "安溪铁观音", "西湖龙井", "春茶", "Bravo", "福鼎白茶")
    with merchant_scope(shop.merchant_id):
        named = by_name(limit=4) + by_name(after=by_name(limit=4)[-1])
        title = dict(Product.objects.values_list("id", "title"))
    assert [title[one.product_id] for one in named] == [
        "安溪铁观音",
        "Bravo",
        "重庆小面",
        "春茶",
        "福鼎白茶",
        "西湖龙井",
    ]


def test_the_database_alone_hides_theirs(shop: Shop) -> None:
    """Plain statements without a word of a merchant: what a forgotten filter would show."""
    theirs = make_shop()
    (tea,) = put(theirs, "邻家龙井")
    put(shop, "自家铁观音")
    with merchant_scope(shop.merchant_id), connection.cursor() as cursor:
        for table in ("search_posting", "search_document", "search_token", "search_spelling"):
            cursor.execute(f"select distinct merchant_id from {table}")
            assert cursor.fetchall() == [(shop.merchant_id,)]
            cursor.execute(f"select 1 from {table} where id in (%s, %s)", [tea.id, theirs.merchant_id])
            assert cursor.fetchall() == []
        assert find_products("龙井").ids == find_products("linjia", hidden=True).ids == ()
    with node_scope(shop.merchant_id, shop.node_id):
        assert len(find_products("铁观音").ids) == 1


def test_the_index_is_used_under_the_policy(shop: Shop) -> None:
    """Operators that are not leak-proof would read the whole table: the plan must be of index conditions."""
    with merchant_scope(shop.merchant_id), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id from search_posting where merchant_id = %s and token >= 'a' and token < 'b'"
            " and (weight, id) < (5, %s)",
            [shop.merchant_id, shop.merchant_id],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        conditions = [_condition(plan)]
        for table, column in (("search_token", "token"), ("search_spelling", "cut")):
            cursor.execute(
                f"explain select token from {table} where merchant_id = %s and {column} = any(%s)",
                [shop.merchant_id, ["a", "b"]],
            )
            conditions.append(_condition("\n".join(row[0] for row in cursor.fetchall())))
    assert all("merchant_id" in condition for condition in conditions)
    assert "token >=" in conditions[0] and "token <" in conditions[0]
    assert "token = ANY" in conditions[1] and "cut = ANY" in conditions[2]


def _condition(plan: str) -> str:
    line = next(line for line in plan.splitlines() if "Index Cond" in line)
    return re.sub(r"\((token|cut)\)::text", r"\1", line)


def test_a_change_is_found_within_a_moment_of_the_worker(shop: Shop) -> None:
    from tongdao.foundation.events.loop import run_pending

    with merchant_scope(shop.merchant_id):
        product = Product.objects.create(handle="new", title="新到白毫银针", published=True)
        Sku.objects.create(product=product, position=1, option_key="", currency="CNY", price_fen=1)
        record_many([as_row(ProductUpdated(source=Code("test")), subject=product, actor=SYSTEM)])
    deadline = time.monotonic() + 60
    while not titles(shop, "银针") and time.monotonic() < deadline:
        run_pending()
    assert titles(shop, "银针") == ["新到白毫银针"]
