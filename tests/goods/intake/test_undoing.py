"""An import taken back: exactly what it changed, unless somebody did since; and what cannot go back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.goods.intake.support import catalogue, row, sheet
from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.money import Fen
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.catalog.operations import set_price
from tongdao.goods.intake.models import UNDO_FOR, ImportChange, ImportRun
from tongdao.goods.intake.operations import (
    queue_import,
    run_import,
    sweep_old_changes,
    sweep_undone_imports,
    undo_import,
)
from tongdao.goods.intake.operations.forgetting import forget_some
from tongdao.goods.intake.operations.undoing import put_some_back
from tongdao.goods.intake.queries import import_run
from tongdao.goods.intake.refusals import ImportNotUndoable, ImportUndoOver
from tongdao.goods.intake.states import IMPORT_RUN
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand

DAY = timedelta(days=1)
FIRST = [
    row("cup", "10.00", name="颜色", value="红", code="R", stock="5", image="https://a.example/1.jpg"),
    row("cup", "11.00", name="颜色", value="白", code="W", stock="6"),
    row("tea", "20.00", code="T", stock="7", body="<p>旧</p>"),
]
SECOND = [
    row("cup", "12.00", title="新杯", name="颜色", value="红", code="R", stock="50"),
    row("cup", "13.00", name="颜色", value="白", code="W", stock="6", image="https://a.example/2.jpg"),
    row("cup", "14.00", name="颜色", value="蓝", code="B", stock="9"),
    row("tea", "20.00", code="T", stock="70", body="<p>新</p>"),
    row("pot", "99.00", code="P", stock="3"),
]


@pytest.fixture
def shop() -> Shop:
    return make_shop(())


def run(shop: Shop, rows: list[dict[str, str]], **options: Any) -> ImportRun:
    asked = queue_import(
        shop.merchant_id, sheet(*rows), file_name="p.csv", currency="CNY", actor=shop.owner, **options
    )
    run_import(shop.merchant_id, asked.id)
    return asked


def undo(shop: Shop, asked: ImportRun) -> None:
    with merchant_scope(shop.merchant_id):
        undo_import(asked.id, actor=shop.owner)
    sweep_undone_imports(clock.now(), 10_000)


def kept(shop: Shop, asked: ImportRun) -> dict[tuple[str, str], int]:
    with merchant_scope(shop.merchant_id):
        assert ImportRun.objects.get(pk=asked.id).state == "undone"
        rows = ImportChange.objects.filter(run=asked, state="kept").values_list("noun", "why")
        found: dict[tuple[str, str], int] = {}
        for pair in rows:
            found[pair] = found.get(pair, 0) + 1
    return found


def texts(shop: Shop) -> list[Any]:
    """What buyers see: texts, options, prices, stock and pictures, without versions."""
    with merchant_scope(shop.merchant_id):
        skus = Sku.objects.filter(archived=False, product__published=True).order_by("code")
        images = ProductImage.objects.exclude(state="removed").order_by("product__handle", "position")
        return [
            *Product.objects.filter(published=True).order_by("handle").values_list("title", "body_html"),
            *skus.values_list("code", "option_values", "price_fen", "compare_at_fen", "position", "saleable"),
            *Stock.objects.filter(sku__in=skus).order_by("sku__code").values_list("on_hand"),
            *images.values_list("source_url", "position", "alt"),
        ]


def test_everything_goes_back_as_it_was(shop: Shop) -> None:
    run(shop, FIRST)
    before = texts(shop)
    second = run(shop, SECOND)
    assert texts(shop) != before
    undo(shop, second)
    assert kept(shop, second) == {}
    assert texts(shop) == before
    with merchant_scope(shop.merchant_id):
        assert [int(fen) for fen in PriceChange.objects.filter(sku__code="R").order_by("version").values_list(
            "price_fen", flat=True
        )] == [1_000, 1_200, 1_000]  # fmt: skip
        made = Sku.objects.get(code="B")
        assert (made.archived, made.saleable) == (True, False)
        assert not Product.objects.get(handle="pot").published
        event = Event.objects.get(name="import_run.undone")
        assert event.payload["kept"] == 0 and event.actor == shop.owner_id


def test_the_same_file_brings_it_in_again(shop: Shop) -> None:
    run(shop, FIRST)
    second = run(shop, SECOND)
    there = texts(shop)
    undo(shop, second)
    run(shop, SECOND)
    with merchant_scope(shop.merchant_id):  # pictures that were taken away stay away
        ProductImage.objects.filter(state="removed").update(state="pending")
    assert texts(shop) == there


def test_what_somebody_changed_since_stays_and_its_neighbours_go_back(shop: Shop) -> None:
    run(shop, FIRST)
    second = run(shop, SECOND)
    with merchant_scope(shop.merchant_id):
        sku = Sku.objects.get(code="R")
        set_price(sku.id, Fen(5_000), actor=shop.owner)
        set_on_hand(
            {Sku.objects.get(code="T").id: 70_0}, node_id=shop.node_id, reason="count", actor=shop.owner
        )
        Product.objects.filter(handle="cup").update(title="手改")
    undo(shop, second)
    assert kept(shop, second) == {
        ("price", "changed_since"): 1,
        ("stock", "changed_since"): 1,
        ("product", "changed_since"): 1,
    }
    with merchant_scope(shop.merchant_id):
        prices = dict(Sku.objects.values_list("code", "price_fen"))
        assert (prices["R"], prices["W"]) == (5_000, 1_100)
        assert Product.objects.get(handle="cup").title == "手改"
        assert Product.objects.get(handle="tea").body_html == "<p>旧</p>"


def test_stock_that_buyers_wait_for_stays(shop: Shop) -> None:
    run(shop, [row("tea", "20.00", code="T", stock="2", published="true")])
    second = run(shop, [row("tea", "20.00", code="T", stock="30", published="true")])
    with merchant_scope(shop.merchant_id):
        sku_id = Sku.objects.get(code="T").id
    place_one(a_request(shop, 9, skus=(sku_id,)), shop)
    undo(shop, second)
    assert kept(shop, second) == {("stock", "below_promised"): 1}


def test_swapped_codes_go_back(shop: Shop) -> None:
    one = [
        row("cup", "10.00", name="颜色", value="红", code="A"),
        row("cup", "10.00", name="颜色", value="白", code="B"),
    ]
    other = [{**one[0], "value": "白"}, {**one[1], "value": "红"}]
    run(shop, one)
    before = catalogue(shop)
    second = run(shop, other)
    undo(shop, second)
    assert catalogue(shop) == before


def test_a_code_that_another_took_stays_there(shop: Shop) -> None:
    run(shop, [row("tea", code="OLD")])
    second = run(shop, [row("tea", code="NEW")])
    run(shop, [row("pot", code="OLD")])
    undo(shop, second)
    assert kept(shop, second) == {("sku", "code_taken"): 1}


def test_killed_between_two_transactions_it_goes_on(shop: Shop) -> None:
    many = [row(f"p{n:02}", "1.00", code=f"c{n}") for n in range(30)]
    run(shop, many)
    second = run(shop, [{**each, "price": "2.00"} for each in many])
    with merchant_scope(shop.merchant_id):
        undo_import(second.id, actor=shop.owner)
    assert put_some_back(shop.merchant_id, second.id)
    sweep_undone_imports(clock.now(), 10_000)
    with merchant_scope(shop.merchant_id):
        assert set(Sku.objects.values_list("price_fen", "price_version")) == {(100, 3)}
        assert PriceChange.objects.count() == 90


def changes(shop: Shop, *runs: ImportRun) -> int:
    with merchant_scope(shop.merchant_id):
        return ImportChange.objects.filter(run__in=[each.id for each in runs]).count()


def test_after_thirty_days_it_cannot_be_taken_back_and_its_rows_go(shop: Shop) -> None:
    first = run(shop, FIRST)
    with merchant_scope(shop.merchant_id):
        ended = ImportRun.objects.get(pk=first.id).finished_at
        assert ended is not None and import_run(first.id).undo_until == ended + UNDO_FOR
    many = changes(shop, first)
    sweep_old_changes(ended + UNDO_FOR - timedelta(seconds=1), limit=10_000)
    assert changes(shop, first) == many > 0
    with clock.shifted(UNDO_FOR), merchant_scope(shop.merchant_id):
        assert import_run(first.id).undo_until is None
        with pytest.raises(ImportUndoOver):
            undo_import(first.id, actor=shop.owner)
    sweep_old_changes(ended + UNDO_FOR, limit=10_000)
    assert changes(shop, first) == 0
    with merchant_scope(shop.merchant_id):
        assert import_run(first.id).state == "done"
        assert Product.objects.filter(published=True).count() == 2, "what it brought stays"


def test_rows_go_in_batches_and_a_killed_sweep_goes_on(shop: Shop) -> None:
    first = run(shop, FIRST)
    many = changes(shop, first)
    assert forget_some(shop.merchant_id, first.id, most=2)
    assert changes(shop, first) == many - 2
    sweep_old_changes(clock.now() + UNDO_FOR, limit=10_000)
    assert changes(shop, first) == 0
    assert not forget_some(shop.merchant_id, first.id)


def test_what_is_being_taken_back_keeps_its_rows_and_what_stayed_is_told_as_long_again(shop: Shop) -> None:
    first = run(shop, FIRST)
    with clock.shifted(UNDO_FOR - DAY), merchant_scope(shop.merchant_id):
        undo_import(first.id, actor=shop.owner)
    sweep_old_changes(clock.now() + UNDO_FOR, limit=10_000)
    with clock.shifted(UNDO_FOR + DAY):
        sweep_undone_imports(clock.now())
        assert kept(shop, first) == {}
        sweep_old_changes(clock.now(), limit=10_000)
    assert changes(shop, first) > 0
    sweep_old_changes(clock.now() + 2 * UNDO_FOR + 2 * DAY, limit=10_000)
    assert changes(shop, first) == 0


def test_a_merchant_whose_imports_cannot_go_back_keeps_nobody_waiting(shop: Shop) -> None:
    """More than a sweep takes, all asked for before the other merchant's."""
    bad = make_shop()
    spoiled(bad, 20)
    run(shop, FIRST)
    before = texts(shop)
    second = run(shop, SECOND)
    undo(shop, second)
    assert texts(shop) == before
    with merchant_scope(bad.merchant_id):
        assert ImportRun.objects.filter(state="undoing").count() == 20
        ImportChange.objects.all().delete()  # or they fail in every sweep of the tests that follow
        ImportRun.objects.all().delete()


def spoiled(shop: Shop, many: int) -> None:
    """Imports that are being taken back, each with a row that lacks what its noun needs."""
    now = clock.now()
    with merchant_scope(shop.merchant_id):
        sku = Sku.objects.get()
        for _ in range(many):
            asked = ImportRun.objects.create(currency="CNY", size_bytes=1, change_total=1, created_at=now)
            columns: dict[str, Any] = {"row_id": sku.id, "product_id": sku.product_id, "after": {}}
            ImportChange.objects.create(run=asked, position=1, noun="price", before={}, **columns)
            for frm, to in (("queued", "running"), ("running", "done"), ("done", "undoing")):
                claim(IMPORT_RUN, frm, to, ImportRun, [asked.id])


def test_only_what_changed_something_once(shop: Shop) -> None:
    first = run(shop, FIRST)
    same, tried = run(shop, FIRST), run(shop, SECOND, dry_run=True)
    undo(shop, first)
    with merchant_scope(shop.merchant_id):
        assert not ImportChange.objects.filter(run__in=[same.id, tried.id]).exists()
        for asked in (first, same, tried):
            with pytest.raises(ImportNotUndoable):
                undo_import(asked.id, actor=shop.owner)


def test_bytes_are_kept_small_for_new_products(shop: Shop) -> None:
    """A made product is one row with a digest, however long its text and many its SKUs."""
    first = run(shop, FIRST)
    with merchant_scope(shop.merchant_id):
        rows = list(ImportChange.objects.filter(run=first).exclude(noun="stock"))
    assert [(each.noun, each.before, list(each.after)) for each in rows] == [
        ("product", None, ["digest"])
    ] * 2
