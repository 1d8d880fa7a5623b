"""The two real files of the issue, beside the repository in `../shared/data`, against a reading by csv."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.goods.intake.support import DATA, bring_in, catalogue
from tests.support.builders import Shop, make_shop
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.intake.report import Counts
from tongdao.goods.inventory.models import Stock, StockMovement

FILES = ["shopify-apparel.csv", "shopify-jewelery.csv"]
Rows = list[dict[str, str]]


def rows_of(path: Path) -> dict[str, Rows]:
    assert path.exists(), f"{path} is missing: the two files of the issue lie beside the repository"
    found: dict[str, Rows] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["Handle"]].append(row)
    return found


def fen(text: str) -> int | None:
    yuan, _, rest = text.partition(".")
    return int(yuan) * 100 + int((rest + "00")[:2]) if text else None


@pytest.fixture
def shop() -> Shop:
    return make_shop(())


def check(handle: str, rows: Rows) -> None:
    product = Product.objects.get(handle=handle)
    assert (product.title, product.vendor) == (rows[0]["Title"].strip(), rows[0]["Vendor"])
    assert product.published is (rows[0]["Published"] == "true")
    variants = [row for row in rows if row["Variant Price"]]
    skus = list(product.skus.order_by("position"))
    assert len(skus) == len(variants)
    for sku, row in zip(skus, variants, strict=True):
        values = [row[f"Option{n} Value"].strip() for n in (1, 2, 3)]
        wanted = [value for value in values if value and value != "Default Title"]
        assert sku.option_values == [" ".join(value.split()) for value in wanted]
        assert (sku.price_fen, sku.currency) == (fen(row["Variant Price"]), "CNY")
        assert sku.compare_at_fen == fen(row["Variant Compare At Price"])
        assert Stock.objects.get(sku=sku).on_hand == int(row["Variant Inventory Qty"])
        assert (sku.image.source_url if sku.image else "") == row["Variant Image"]
    named = [row["Image Src"] for row in rows if row["Image Src"]]
    named += [row["Variant Image"] for row in rows if row["Variant Image"]]
    pictures = product.images.order_by("position").values_list("source_url", flat=True)
    assert list(pictures) == list(dict.fromkeys(named))


@pytest.mark.parametrize("name", FILES)
def test_every_product_variant_price_and_stock_is_right(shop: Shop, name: str) -> None:
    rows = rows_of(DATA / name)
    with (DATA / name).open("rb") as stream:
        report = bring_in(shop, stream)
    assert (report.problems, report.problem_total) == ((), 0)
    with merchant_scope(shop.merchant_id):
        assert set(Product.objects.values_list("handle", flat=True)) == set(rows)
        for handle, own in rows.items():
            check(handle, own)
        assert PriceChange.objects.count() == Sku.objects.count() == report.counts.skus_created
        assert report.counts.products_created == len(rows)
        assert report.counts.images_added == ProductImage.objects.count()
        assert Event.objects.filter(name="product.created").count() == len(rows)
        assert set(StockMovement.objects.values_list("reason", flat=True)) == {"import"}


@pytest.mark.parametrize("name", FILES)
def test_the_second_import_changes_nothing(shop: Shop, name: str) -> None:
    with (DATA / name).open("rb") as stream:
        first = bring_in(shop, stream)
    with merchant_scope(shop.merchant_id):
        events = Event.objects.count()
        versions = list(Product.objects.order_by("id").values_list("id", "version", "updated_at"))
    before = catalogue(shop)
    with (DATA / name).open("rb") as stream:
        second = bring_in(shop, stream)
    made = first.counts
    assert second.counts == Counts(products_unchanged=made.products_created, skus_unchanged=made.skus_created)
    assert catalogue(shop) == before
    with merchant_scope(shop.merchant_id):
        assert Event.objects.count() == events
        assert list(Product.objects.order_by("id").values_list("id", "version", "updated_at")) == versions


def test_both_files_go_into_one_shop(shop: Shop) -> None:
    for name in FILES:
        with (DATA / name).open("rb") as stream:
            bring_in(shop, stream)
    wanted = {handle for name in FILES for handle in rows_of(DATA / name)}
    with merchant_scope(shop.merchant_id):
        assert set(Product.objects.values_list("handle", flat=True)) == wanted
