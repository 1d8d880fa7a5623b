"""Bulk changes: what the preview shows is what is done, once, and put back while nobody touched it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.goods.editing.support import (
    LESS_10,
    a_matrix,
    a_shop,
    begin,
    change,
    counts,
    history,
    prices,
    state,
)
from tests.support.builders import Shop
from tests.support.promoting import make_flash
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import classify_product, set_price
from tongdao.goods.editing.choosing import Preview, preview_prices, preview_switch
from tongdao.goods.editing.models import BatchKind, GoodsBatch, GoodsBatchLine
from tongdao.goods.editing.operations import (
    begin_batch,
    cancel_batch,
    check_due,
    check_rule,
    run_batch,
    sweep_batches,
    undo_batch,
)
from tongdao.goods.editing.operations.running import CHUNK, run_some
from tongdao.goods.editing.queries import planned_prices, price_past
from tongdao.goods.editing.reckoning import PriceRule
from tongdao.goods.editing.refusals import (
    BatchBegun,
    BatchNotDone,
    DueInvalid,
    NothingChanges,
    NothingChosen,
    PreviewStale,
    RuleInvalid,
)

HOUR = timedelta(hours=1)


def test_all_lines_are_done_and_their_history_says_by_whom_and_why() -> None:
    shop = a_shop(10_000, 9_990)
    batch = change(shop)
    assert prices(shop) == [9_000, 8_991]
    assert counts(shop, batch) == {"done": 2}
    with merchant_scope(shop.merchant_id):
        (now, first) = price_past(shop.skus[0])
        assert (now.price_fen, now.staff_id, now.reason, now.note) == (9_000, shop.owner_id, "bulk", "换季")
        assert (first.price_fen, first.batch_id, now.batch_id) == (10_000, None, batch.id)
        names = list(Event.objects.filter(subject_id=batch.id).order_by("seq").values_list("name", flat=True))
    assert names == ["goods_batch.begun", "goods_batch.finished"]


def test_a_merchant_whose_batches_fail_keeps_nobody_waiting() -> None:
    """As many as a sweep takes, all due before the other merchant's."""
    bad, good = a_shop(), a_shop(10_000)
    spoiled(bad, 20, due_at=clock.now() - HOUR)
    batch = begin(good)
    try:
        sweep_batches(clock.now())
        assert prices(good) == [9_000] and state(good, batch) == "done"
        with merchant_scope(bad.merchant_id):
            assert GoodsBatch.objects.exclude(state="done").count() == 20
    finally:
        with merchant_scope(bad.merchant_id):  # or they fail in every sweep of the tests that follow
            GoodsBatchLine.objects.all().delete()
            GoodsBatch.objects.all().delete()


def spoiled(shop: Shop, many: int, *, due_at: datetime) -> None:
    """Price changes whose line names no SKU: each breaks off whenever it is tried."""
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        for _ in range(many):
            batch = GoodsBatch.objects.create(kind=BatchKind.PRICE, due_at=due_at, lines=1, created_at=due_at)
            GoodsBatchLine.objects.create(batch=batch, position=1, product=product, old_on=False, new_on=True)


def test_running_it_again_does_nothing() -> None:
    shop = a_shop(10_000)
    batch = change(shop)
    run_batch(shop.merchant_id, batch.id)
    sweep_batches(clock.now(), 10_000)
    assert history(shop, shop.skus[0]) == [10_000, 9_000]


def test_more_lines_than_one_transaction_takes() -> None:
    shop = a_shop(10_000)
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        Sku.objects.bulk_create(
            Sku(product=product, position=n, currency="CNY", price_fen=Fen(100 + n), option_key=str(n))
            for n in range(2, CHUNK + 3)
        )
        skus = tuple(Sku.objects.values_list("id", flat=True))
    batch = begin(shop, skus=skus)
    assert run_some(shop.merchant_id, batch.id)
    assert counts(shop, batch) == {"done": CHUNK, "waiting": 2, "running": 0}
    sweep_batches(clock.now(), 10_000)
    assert counts(shop, batch) == {"done": CHUNK + 2}


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (PriceRule("amount", -10_000), ["price_too_low", ""]),
        (PriceRule("percent", -9_999), ["", ""]),
        (PriceRule("percent", 100_000), ["", "price_too_high"]),
        (PriceRule("set", 10_000), ["same", ""]),
        (PriceRule("percent", -1_000, floor_fen=9_500), ["below_floor", ""]),
    ],
)
def test_lines_that_cannot_be_are_named_and_left_out(rule: PriceRule, codes: list[str]) -> None:
    shop = a_shop(10_000, 950_000_000)
    with merchant_scope(shop.merchant_id):
        preview = preview_prices(check_rule(rule), skus=shop.skus)
    assert [line.refused for line in preview.lines] == codes
    before = prices(shop)
    batch = begin(shop, rule)
    run_batch(shop.merchant_id, batch.id)
    after = prices(shop)
    kept = [new == old for new, old in zip(after, before, strict=True)]
    assert kept == [bool(code) for code in codes]


def test_a_flash_sale_stays_one() -> None:
    """In the preview, and when it was made between preview and moment."""
    shop = a_shop(10_000, 10_000)
    make_flash(shop, 9_000)  # of the first
    with merchant_scope(shop.merchant_id):
        assert [line.refused for line in preview_prices(LESS_10, skus=shop.skus).lines] == [
            "price_below_offer",
            "",
        ]
    at = clock.now() + HOUR
    with clock.shifted(-2 * HOUR):
        late = begin(shop, PriceRule("set", 9_500), at=at)
    late_low = begin(shop, PriceRule("set", 9_100), at=at + HOUR)
    make_flash(shop, 9_200, starts_at=clock.now(), ends_at=at + 5 * HOUR)
    with clock.shifted(2 * HOUR + timedelta(minutes=1)):
        sweep_batches(clock.now(), 10_000)
    assert counts(shop, late) == {"done": 2}
    assert prices(shop) == [9_500, 9_100]
    with merchant_scope(shop.merchant_id):
        line = GoodsBatchLine.objects.get(batch=late_low, sku_id=shop.skus[0])
    assert (line.state, line.why) == ("refused", "price_below_offer")


def test_what_changed_after_the_preview_is_not_done() -> None:
    shop = a_shop(10_000, 10_000)
    with merchant_scope(shop.merchant_id):
        preview = preview_prices(LESS_10, skus=shop.skus)
        set_price(shop.skus[0], Fen(5_000), actor=shop.owner)
        again = preview_prices(LESS_10, skus=shop.skus)
        with pytest.raises(PreviewStale):
            begin_batch(BatchKind.PRICE, again, seen=preview.fingerprint, rule={}, actor=shop.owner)
    batch = begin(shop)
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(6_000), actor=shop.owner)
    run_batch(shop.merchant_id, batch.id)
    assert prices(shop) == [6_000, 9_000]
    assert counts(shop, batch) == {"done": 1, "refused": 1}


def test_undo_puts_back_what_nobody_touched() -> None:
    shop = a_shop(10_000, 10_000)
    batch = change(shop)
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(7_000), actor=shop.owner)
        set_price(shop.skus[0], Fen(9_000), actor=shop.owner)  # the same price again, but somebody's
        undo_batch(batch.id, actor=shop.owner)
        with pytest.raises(BatchNotDone):
            undo_batch(batch.id, actor=shop.owner)
    sweep_batches(clock.now(), 10_000)
    assert prices(shop) == [9_000, 10_000]
    assert counts(shop, batch) == {"undone": 1, "kept": 1}
    assert history(shop, shop.skus[1]) == [10_000, 9_000, 10_000]
    with merchant_scope(shop.merchant_id):
        assert price_past(shop.skus[1])[0].reason == "undo"


def test_a_planned_price_waits_is_seen_and_can_be_cancelled() -> None:
    shop = a_shop(10_000)
    at = clock.now() + HOUR
    batch = begin(shop, at=at)
    sweep_batches(clock.now(), 10_000)
    run_batch(shop.merchant_id, batch.id)
    assert (prices(shop), state(shop, batch)) == ([10_000], "waiting")
    with merchant_scope(shop.merchant_id):
        (planned,) = planned_prices(shop.skus[0])
        assert (planned.price_fen, planned.at, planned.note) == (9_000, at, "换季")
        cancel_batch(batch.id, actor=shop.owner)
        assert planned_prices(shop.skus[0]) == []
        with pytest.raises(BatchBegun):
            cancel_batch(batch.id, actor=shop.owner)
    with clock.shifted(2 * HOUR):
        sweep_batches(clock.now(), 10_000)
    assert prices(shop) == [10_000]


def test_a_planned_price_holds_whatever_came_between_and_the_next_plan_stands_on_it() -> None:
    shop = a_shop(10_000)
    at = clock.now() + HOUR
    begin(shop, PriceRule("set", 9_000), at=at)
    back = begin(shop, PriceRule("set", 10_000), at=at + HOUR)  # the same as today, not as it will be
    with merchant_scope(shop.merchant_id):
        assert preview_prices(LESS_10, skus=shop.skus, at=at).lines[0].refused == "planned_already"
        set_price(shop.skus[0], Fen(9_700), actor=shop.owner)
    with clock.shifted(HOUR + timedelta(minutes=1)):
        sweep_batches(clock.now(), 10_000)
        assert prices(shop) == [9_000]
    with clock.shifted(2 * HOUR + timedelta(minutes=1)):
        sweep_batches(clock.now(), 10_000)
        with merchant_scope(shop.merchant_id):
            undo_batch(back.id, actor=shop.owner)
        sweep_batches(clock.now(), 10_000)
    assert history(shop, shop.skus[0]) == [10_000, 9_700, 9_000, 10_000, 9_000]


def test_showing_hiding_and_selling_many() -> None:
    shop = a_shop(10_000, 10_000)
    cup = a_matrix(shop)
    with merchant_scope(shop.merchant_id):
        products = list(Product.objects.values_list("id", flat=True))
        preview = preview_switch(BatchKind.PUBLISH, False, products=products)
        hidden = _begin(BatchKind.PUBLISH, preview, shop.owner)
        preview = preview_switch(BatchKind.SALEABLE, False, products=[cup.id])
        unsold = _begin(BatchKind.SALEABLE, preview, shop.owner)
    sweep_batches(clock.now(), 10_000)
    with merchant_scope(shop.merchant_id):
        assert not Product.objects.filter(published=True).exists()
        assert Sku.objects.filter(product=cup, saleable=False).count() == 4
        Product.objects.filter(pk=cup.id).update(published=True)
        undo_batch(hidden.id, actor=shop.owner)
        undo_batch(unsold.id, actor=shop.owner)
    sweep_batches(clock.now(), 10_000)
    assert counts(shop, hidden) == {"undone": 2, "kept": 1}
    assert counts(shop, unsold) == {"undone": 4}
    with merchant_scope(shop.merchant_id):
        assert Sku.objects.filter(product=cup, saleable=True).count() == 4


def test_goods_without_their_licence_stay_out() -> None:
    shop = a_shop(10_000)
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        Product.objects.update(published=False)
        classify_product(product.id, category="food", registration_no="", actor=shop.owner)
        (line,) = preview_switch(BatchKind.PUBLISH, True, products=[product.id]).lines
        assert line.refused == "no_licence"
        (line,) = preview_switch(BatchKind.SALEABLE, True, products=[product.id]).lines
        assert line.refused == "no_licence"


def _begin(kind: BatchKind, preview: Preview, actor: object) -> GoodsBatch:
    return begin_batch(kind, preview, seen=preview.fingerprint, rule={}, actor=actor)  # type: ignore[arg-type]  # the shop's owner


def test_what_is_no_change_or_no_rule_is_refused() -> None:
    shop = a_shop(10_000)
    with merchant_scope(shop.merchant_id):
        with pytest.raises(NothingChosen):
            preview_prices(LESS_10)
        same = preview_prices(PriceRule("set", 10_000), skus=shop.skus)
        with pytest.raises(NothingChanges):
            begin_batch(BatchKind.PRICE, same, seen=same.fingerprint, rule={}, actor=shop.owner)
        with pytest.raises(NotFound):
            undo_batch(uuid7(), actor=shop.owner)
    for rule in (
        PriceRule("percent", -10_000),
        PriceRule("set", 1, ending=50),
        PriceRule("percent", 100_001),
    ):
        with pytest.raises(RuleInvalid):
            check_rule(rule)
    for at in (clock.now() - HOUR, clock.now() + timedelta(days=400)):
        with pytest.raises(DueInvalid):
            check_due(at)
