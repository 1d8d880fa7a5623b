"""A planned price is set exactly once: with several sweeps at a time, and with one killed in the middle."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from tests.conftest import Cluster
from tests.goods.editing.support import a_shop, begin, counts, history, prices
from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import set_prices
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.editing.models import GoodsBatch, GoodsBatchLine
from tongdao.goods.editing.operations import sweep_batches
from tongdao.goods.editing.operations.running import CHUNK, run_some
from tongdao.goods.editing.reckoning import PriceRule

SWEEPERS = 6
VICTIM = """
import os, signal, sys
from uuid import UUID
import django
django.setup()
from tongdao.goods.editing.operations.running import run_some

import tongdao.foundation.states as states
real = states.execute_prepared

def watched(sql, params):  # the prices are written, what says so is not
    if '"goods_batch_line"' in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(sql, params)
states.execute_prepared = watched
run_some(UUID(sys.argv[1]), UUID(sys.argv[2]))
"""


def many_skus(count: int) -> Shop:
    shop = a_shop(10_000)
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        Sku.objects.bulk_create(
            Sku(product=product, position=n, currency="CNY", price_fen=Fen(10_000), option_key=str(n))
            for n in range(2, count + 1)
        )
    return shop


def due(shop: Shop) -> GoodsBatch:
    with merchant_scope(shop.merchant_id):
        skus = tuple(Sku.objects.values_list("id", flat=True))
    return begin(shop, PriceRule("percent", -1_000), skus=skus)


def together(act: object) -> None:
    """Several threads begin at the same moment."""
    ready = threading.Barrier(SWEEPERS)

    def one(_: int) -> None:
        ready.wait()
        try:
            act()  # type: ignore[operator]  # a function without parameters
        finally:
            connections.close_all()

    with ThreadPoolExecutor(SWEEPERS) as pool:
        list(pool.map(one, range(SWEEPERS)))


def changes(shop: Shop) -> int:
    with merchant_scope(shop.merchant_id):
        return Event.objects.filter(name="sku.priced").count()


def test_many_sweeps_at_once_set_each_price_once() -> None:
    shop = many_skus(CHUNK + 50)
    batch = due(shop)
    together(lambda: sweep_batches(clock.now(), 10_000))
    sweep_batches(clock.now(), 10_000)
    assert counts(shop, batch) == {"done": CHUNK + 50}
    assert changes(shop) == CHUNK + 50
    with merchant_scope(shop.merchant_id):
        assert Event.objects.filter(name="goods_batch.finished").count() == 1


def test_without_the_lock_the_same_race_sets_them_more_than_once() -> None:
    """The negative control: lines are read, and written by whoever read them, with nobody looking."""
    shop = many_skus(20)
    batch = due(shop)
    read = threading.Barrier(SWEEPERS)

    def careless() -> None:
        with merchant_scope(shop.merchant_id):
            lines = list(GoodsBatchLine.objects.filter(batch=batch, state="waiting"))
            read.wait()
        for line in lines:
            with merchant_scope(shop.merchant_id):
                sku = Sku.objects.get(pk=line.sku_id)
                set_prices([NewPrice(sku.id, Fen(sku.price_fen - 1_000))], actor=shop.owner)

    together(careless)
    assert changes(shop) > 20


def test_killed_after_the_prices_and_before_what_says_so(cluster: Cluster) -> None:
    shop = many_skus(CHUNK + 5)
    batch = due(shop)
    assert run_some(shop.merchant_id, batch.id)
    argv = [sys.executable, "-c", VICTIM, str(shop.merchant_id), str(batch.id)]
    program = subprocess.Popen(argv, env=cluster.environ, stderr=subprocess.DEVNULL)
    assert program.wait(60) == -9
    assert counts(shop, batch) == {"done": CHUNK, "waiting": 5, "running": 0}
    assert changes(shop) == CHUNK  # what the victim had written is gone with it
    sweep_batches(clock.now(), 10_000)
    assert counts(shop, batch) == {"done": CHUNK + 5}
    assert changes(shop) == CHUNK + 5
    assert prices(shop) == [9_000] and history(shop, shop.skus[0]) == [10_000, 9_000]
