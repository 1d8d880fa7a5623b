"""What a later file changes, and what it leaves alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import pytest
from django.db import connections

from tests.goods.intake.support import bring_in, catalogue, row, sheet
from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.intake.operations import import_products
from tongdao.goods.intake.refusals import CurrencyDiffers
from tongdao.goods.intake.report import Counts
from tongdao.goods.inventory.models import Stock
from tongdao.party.merchants.models import Merchant


@pytest.fixture
def shop() -> Shop:
    return make_shop(())


def sku(shop: Shop, handle: str, key: str = "") -> Sku:
    with merchant_scope(shop.merchant_id):
        return Sku.objects.select_related("product").get(product__handle=handle, option_key=key)


def test_another_price_is_one_row_of_history_and_one_event(shop: Shop) -> None:
    bring_in(shop, sheet(row("a", "12.50"), row("b", "8")))
    report = bring_in(shop, sheet(row("a", "11.80", was="12.50"), row("b", "8")))
    assert report.counts == Counts(
        products_updated=1, products_unchanged=1, skus_updated=1, skus_unchanged=1, prices_changed=1
    )
    changed = sku(shop, "a")
    with merchant_scope(shop.merchant_id):
        history = PriceChange.objects.filter(sku=changed).order_by("version")
        assert list(history.values_list("version", "price_fen", "compare_at_fen")) == [
            (1, 1250, None),
            (2, 1180, 1250),
        ]
        event = Event.objects.get(name="sku.priced")
        assert (event.old, event.new) == (
            {"price_fen": 1250, "compare_at_fen": None},
            {"price_fen": 1180, "compare_at_fen": 1250},
        )
        assert not Event.objects.filter(name="product.updated").exists()
    assert (changed.price_version, changed.product.version) == (2, 2)


def test_a_dry_run_tells_the_same_and_writes_nothing(shop: Shop) -> None:
    bring_in(shop, sheet(row("a", "12.50", stock="3")))
    before = catalogue(shop)
    with merchant_scope(shop.merchant_id):
        events = Event.objects.count()
    rows = [row("a", "9", stock="5", image="https://example.com/1.jpg"), row("b"), row("c", "x")]
    dry = bring_in(shop, sheet(*rows), dry_run=True)
    assert catalogue(shop) == before
    with merchant_scope(shop.merchant_id):
        assert Event.objects.count() == events
    wet = bring_in(shop, sheet(*rows))
    assert (dry.counts, dry.problems, dry.dry_run) == (wet.counts, wet.problems, True)
    assert catalogue(shop) != before


def test_a_dry_run_finds_a_code_that_two_far_products_claim(shop: Shop) -> None:
    many = [row(f"p{number}", code=f"c{number}") for number in range(60)]
    rows = [*many, row("late", code="c3")]
    dry = bring_in(shop, sheet(*rows), dry_run=True)
    wet = bring_in(shop, sheet(*rows))
    assert [problem.code for problem in dry.problems] == ["code_taken", "no_sku_left"]
    assert (dry.counts, dry.problems) == (wet.counts, wet.problems)


def test_a_sku_is_found_by_its_code_when_its_options_are_renamed(shop: Shop) -> None:
    bring_in(
        shop, sheet(row("a", name="Size", value="S", code="A-1"), row("a", title="", value="M", code="A-2"))
    )
    old = sku(shop, "a", "S")
    bring_in(
        shop, sheet(row("a", name="Size", value="M", code="A-1"), row("a", title="", value="S", code="A-2"))
    )
    assert (sku(shop, "a", "M").id, sku(shop, "a", "M").code) == (old.id, "A-1")
    with merchant_scope(shop.merchant_id):
        assert Sku.objects.count() == 2


def test_options_of_a_sku_that_stays_are_not_taken(shop: Shop) -> None:
    bring_in(
        shop, sheet(row("a", name="Size", value="S", code="A-1"), row("a", title="", value="M", code="A-2"))
    )
    report = bring_in(shop, sheet(row("a", "1", name="Size", value="M", code="A-1")))
    assert [(each.line, each.code) for each in report.problems] == [(2, "options_taken")]
    assert (sku(shop, "a", "S").price_fen, sku(shop, "a", "M").price_fen) == (1250, 1250)


def test_what_a_later_file_leaves_out_stays_on_sale(shop: Shop) -> None:
    bring_in(shop, sheet(row("a", name="Size", value="S"), row("a", title="", value="M"), row("b")))
    report = bring_in(shop, sheet(row("a", name="Size", value="S")))
    assert report.counts.products_unchanged == 1
    assert sku(shop, "a", "M").saleable and sku(shop, "b").saleable


def test_skus_that_fit_no_option_any_more_are_taken_off_sale(shop: Shop) -> None:
    bring_in(shop, sheet(row("a")))
    report = bring_in(shop, sheet(row("a", name="Size", value="S")))
    assert [each.code for each in report.problems] == ["options_changed"]
    assert not sku(shop, "a").saleable
    assert sku(shop, "a", "S").saleable


def test_a_picture_that_a_later_file_leaves_out_goes_behind(shop: Shop) -> None:
    one, two = "https://example.com/1.jpg", "https://example.com/2.jpg"
    bring_in(shop, sheet(row("a", image=one)))
    for changed in (1, 0):
        report = bring_in(shop, sheet(row("a", image=two)))
        assert report.counts.images_changed == changed
        with merchant_scope(shop.merchant_id):
            images = ProductImage.objects.order_by("position")
            assert list(images.values_list("source_url", flat=True)) == [two, one]


def test_unpublishing_and_new_words_are_taken_over(shop: Shop) -> None:
    bring_in(shop, sheet(row("a")))
    bring_in(shop, sheet(row("a", title="新茶", published="false", body="<p>好<script>x</script></p>")))
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get(handle="a")
        assert (product.title, product.published, product.body_html) == ("新茶", False, "<p>好</p>")
        assert product.version == 2
        assert Event.objects.filter(name="product.updated", subject_id=product.id).count() == 1


def test_stock_below_what_is_promised_is_reported_and_sinks_nobody(shop: Shop) -> None:
    bring_in(shop, sheet(row("a", stock="5"), row("b", stock="5")))
    place_one(a_request(shop, 3, skus=(sku(shop, "a").id,)), shop)
    report = bring_in(shop, sheet(row("a", "9", stock="2"), row("b", "9", stock="2")))
    assert [(each.line, each.column, each.code, each.args) for each in report.problems] == [
        (2, "Variant Inventory Qty", "below_promised", {"promised": 3})
    ]
    assert (report.counts.stock_changed, report.counts.prices_changed) == (1, 2)
    with merchant_scope(shop.merchant_id):
        stocks = Stock.objects.order_by("sku__product__handle").values_list("on_hand", "reserved")
        assert list(stocks) == [(5, 3), (2, 0)]


def test_bad_rows_are_reported_by_line_and_the_rest_goes_in(shop: Shop) -> None:
    report = bring_in(
        shop,
        sheet(
            row("good", "1"),
            row("", "1"),
            row("dear", "10000000.01"),
            row("poor", "abc"),
            row("full", "1", stock="1000001"),
            row("long", "1", image="https://example.com/" + "长" * 900),
            row("last", "2"),
        ),
    )
    assert [(each.line, each.column, each.code) for each in report.in_order] == [
        (3, "Handle", "handle_missing"),
        (4, "Variant Price", "too_dear"),
        (4, "", "no_sku_left"),
        (5, "Variant Price", "price"),
        (5, "", "no_variant"),
        (6, "Variant Inventory Qty", "count_range"),
        (7, "Image Src", "too_long_here"),
    ]
    assert all(each.message for each in report.problems)
    with merchant_scope(shop.merchant_id):
        handles = set(Product.objects.values_list("handle", flat=True))
    assert handles == {"good", "full", "long", "last"}


def test_a_code_of_another_product_is_left_to_it(shop: Shop) -> None:
    bring_in(shop, sheet(row("a", code="X")))
    report = bring_in(
        shop, sheet(row("b", name="Size", value="S", code="X"), row("b", title="", value="M", code="Y"))
    )
    assert [(each.line, each.column, each.code) for each in report.problems] == [
        (2, "Variant SKU", "code_taken")
    ]
    with merchant_scope(shop.merchant_id):
        assert set(Sku.objects.values_list("product__handle", "code")) == {("a", "X"), ("b", "Y")}


def test_a_file_in_another_currency_than_the_shops_is_refused(shop: Shop) -> None:
    Merchant.objects.filter(pk=shop.merchant_id).update(currency="USD")
    with pytest.raises(CurrencyDiffers):
        import_products(shop.merchant_id, sheet(row("a")), currency="CNY", actor=shop.owner)


def test_the_neighbour_merchant_is_not_touched(shop: Shop) -> None:
    other = make_shop(())
    bring_in(other, sheet(row("a", "5", code="X")))
    before = catalogue(other)
    report = bring_in(shop, sheet(row("a", "6", code="X")))
    assert (report.counts.products_created, report.problems) == (1, ())
    assert catalogue(other) == before


def test_counts_and_new_options_while_orders_are_placed_lose_none_of_either(shop: Shop) -> None:
    def file(first: str, second: str, units: int) -> BinaryIO:
        head = row("a", name="Size", value=first, code="A-1", stock=str(units))
        return sheet(head, row("a", title="", value=second, code="A-2", stock=str(units)))

    bring_in(shop, file("S", "M", 500))
    skus = tuple(sku(shop, "a", key).id for key in "SM")
    stop = threading.Event()

    def buy() -> int:
        placed = 0
        try:
            while not stop.is_set():
                place_one(a_request(shop, 1, skus=skus), shop)
                placed += 1
        finally:
            connections.close_all()
        return placed

    with ThreadPoolExecutor(1) as pool:
        buyer = pool.submit(buy)
        for turn in range(20):
            names = ("S", "M") if turn % 2 else ("M", "S")
            report = bring_in(shop, file(*names, 500 + turn))
            assert [problem.code for problem in report.problems] == []
        stop.set()
        placed = buyer.result(60)
    with merchant_scope(shop.merchant_id):
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(519, placed)}
