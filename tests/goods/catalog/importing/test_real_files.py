"""Whole files, against an independent reading with the csv module.

Ours always; the two real ones of the issue lie beside the repository (`../shared/data`), since their terms
say nothing about passing them on. Where they are not, the same checks run on ours alone.
"""

from __future__ import annotations

import csv
import html
import io
from collections import defaultdict
from pathlib import Path

import pytest

from tongdao.goods.catalog.importing import ParsedProduct, read_products

pytestmark = pytest.mark.pure

MADE = Path(__file__).parent / "files" / "made-tea.csv"
REAL = sorted((Path(__file__).parents[4].parent / "shared" / "data").glob("shopify-*.csv"))
FILES = [MADE, *REAL]
Rows = list[dict[str, str]]


def by_handle(content: bytes) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        found[row["Handle"]].append(row)
    return found


def fen(text: str) -> int:
    yuan, _, rest = text.partition(".")
    return int(yuan) * 100 + int((rest + "00")[:2])


def check_product(product: ParsedProduct, rows: Rows) -> None:
    first = rows[0]
    assert (product.title, product.vendor, product.product_type) == (
        first["Title"].strip(),
        first["Vendor"],
        first["Type"],
    )
    assert list(product.tags) == [tag.strip() for tag in first["Tags"].split(",") if tag.strip()]
    assert product.published is (first["Published"] == "true")
    plain = first["Option1 Value"] == "Default Title"
    assert list(product.options) == ([] if plain else [first["Option1 Name"]])
    assert html.unescape(product.body_html).split() == first["Body (HTML)"].split()


def check_variants(product: ParsedProduct, rows: Rows) -> None:
    wanted = [row for row in rows if row["Variant Price"]]
    assert len(product.variants) == len(wanted)
    for variant, row in zip(product.variants, wanted, strict=True):
        compare_at = row["Variant Compare At Price"]
        assert variant.price == fen(row["Variant Price"])
        assert variant.compare_at == (fen(compare_at) if compare_at else None)
        assert variant.stock == int(row["Variant Inventory Qty"])
        assert variant.grams == int(row["Variant Grams"])
        assert list(variant.option_values) == ([row["Option1 Value"]] if product.options else [])
        assert (variant.sku_code or "", variant.barcode) == (row["Variant SKU"], row["Variant Barcode"])
        assert variant.image_url == row["Variant Image"]
        assert variant.policy == row["Variant Inventory Policy"]
        assert variant.requires_shipping is (row["Variant Requires Shipping"] == "true")
        assert variant.taxable is (row["Variant Taxable"] == "true")


def check_images(product: ParsedProduct, rows: Rows) -> None:
    wanted = [
        (int(row["Image Position"]), row["Image Src"], row["Image Alt Text"])
        for row in rows
        if row["Image Src"]
    ]
    assert [(image.position, image.url, image.alt) for image in product.images] == sorted(wanted)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("change", ["as it is", "BOM", "CRLF", "gb18030", "semicolons"])
def test_every_product_variant_price_stock_and_image_is_right(path: Path, change: str) -> None:
    content = path.read_bytes()
    wanted = by_handle(content)
    found = list(read_products(io.BytesIO(changed(content, change))))
    products = [item for item in found if isinstance(item, ParsedProduct)]
    assert products == found, "no problems"
    assert [product.handle for product in products] == list(wanted)
    for product in products:
        check_product(product, wanted[product.handle])
        check_variants(product, wanted[product.handle])
        check_images(product, wanted[product.handle])


def changed(content: bytes, change: str) -> bytes:
    text = content.decode("utf-8")
    if change == "BOM":
        return b"\xef\xbb\xbf" + content
    if change == "CRLF":
        return text.replace("\n", "\r\n").encode()
    if change == "gb18030":
        return text.encode("gb18030")
    if change == "semicolons":
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(
            csv.reader(io.StringIO(text, newline=""))
        )
        return out.getvalue().encode()
    return content


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_lines_are_those_of_the_file(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for product in read_products(io.BytesIO(path.read_bytes())):
        assert isinstance(product, ParsedProduct)
        for line in (product.line, *(v.line for v in product.variants), *(i.line for i in product.images)):
            assert lines[line - 1].startswith(f"{product.handle},")
