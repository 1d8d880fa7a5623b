"""Product files made for a test, and what a shop holds afterwards."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, BinaryIO

from tests.support.builders import Shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.intake.operations import import_products
from tongdao.goods.intake.report import ImportReport
from tongdao.goods.inventory.models import Stock, StockMovement

DATA = Path(__file__).parents[3].parent / "shared" / "data"
COLUMNS = {
    "handle": "Handle",
    "title": "Title",
    "published": "Published",
    "name": "Option1 Name",
    "value": "Option1 Value",
    "code": "Variant SKU",
    "price": "Variant Price",
    "was": "Variant Compare At Price",
    "stock": "Variant Inventory Qty",
    "image": "Image Src",
    "picture": "Variant Image",
    "body": "Body (HTML)",
}


def row(handle: str, price: str = "12.50", **cells: str) -> dict[str, str]:
    """A row of a product file by short names; the title is there unless it is said to be empty."""
    return {"handle": handle, "title": f"茶 {handle}", "price": price, **cells}


def sheet(*rows: dict[str, str]) -> BinaryIO:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(COLUMNS.values()))
    writer.writeheader()
    writer.writerows({COLUMNS[name]: text for name, text in each.items()} for each in rows)
    return io.BytesIO(out.getvalue().encode())


def bring_in(shop: Shop, stream: BinaryIO, **options: Any) -> ImportReport:
    return import_products(shop.merchant_id, stream, currency="CNY", actor=shop.owner, **options)


def catalogue(shop: Shop) -> list[tuple[Any, ...]]:
    """Everything that an import may write, but ids and moments, in a comparable order."""
    with merchant_scope(shop.merchant_id):
        skus = Sku.objects.order_by("product__handle", "option_key").values_list(
            "product__handle", "product__title", "product__published", "option_key", "code", "price_fen",
            "compare_at_fen", "price_version", "position", "saleable", "image__source_url",
        )  # fmt: skip
        images = ProductImage.objects.order_by("product__handle", "position", "source_url")
        return [
            *skus,
            *images.values_list("product__handle", "position", "source_url", "alt", "state"),
            *Stock.objects.order_by("sku__product__handle", "sku__option_key").values_list(
                "on_hand", "reserved"
            ),
            ("prices", PriceChange.objects.count(), "moves", StockMovement.objects.count()),
            ("products", Product.objects.count()),
        ]
