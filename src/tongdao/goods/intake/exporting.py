"""The catalogue as a product file that the import reads: taken out, changed in a spreadsheet, brought back.

What comes back unchanged changes nothing. Pictures that were uploaded have no address that a file could
name: they are left out, and an import leaves them as they are. SKUs that are laid aside are left out too.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from uuid import UUID

from tongdao.foundation.money import Fen, format_yuan
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import ImageState, Product, ProductImage, Sku
from tongdao.goods.inventory.models import Stock
from tongdao.party.network.operations import own_node

PRODUCTS = 100  # that are read at once
BOM = "\ufeff"  # by which Excel knows the text as UTF-8
COLUMNS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published"),
    "Return Exclusion",
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value"),
    *("Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price", "Variant Compare At Price"),
    *("Variant Requires Shipping", "Variant Barcode", "Variant Image"),
    *("Image Src", "Image Position", "Image Alt Text"),
)
Cells = dict[str, str]


def export_products(merchant_id: UUID, products: Collection[UUID] | None = None) -> Iterator[str]:
    """The file, piece by piece: of these products, or of all. Opens its own scopes, one for some products."""
    yield BOM + _lines([dict(zip(COLUMNS, COLUMNS, strict=True))])
    after = UUID(int=0)
    while True:
        with merchant_scope(merchant_id):
            rows = Product.objects.filter(id__gt=after).order_by("id")
            rows = rows if products is None else rows.filter(pk__in=list(products))
            found = list(rows[:PRODUCTS])
            text = _lines(_rows(found)) if found else ""
        if not found:
            return
        yield text
        after = found[-1].id


def _lines(rows: Sequence[Cells]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    return out.getvalue()


def _rows(products: Sequence[Product]) -> list[Cells]:
    ids = [product.id for product in products]
    skus: defaultdict[UUID, list[Sku]] = defaultdict(list)
    for sku in Sku.objects.filter(product_id__in=ids, archived=False).order_by("position", "id"):
        skus[sku.product_id].append(sku)
    images: defaultdict[UUID, list[ProductImage]] = defaultdict(list)
    shown = ProductImage.objects.filter(product_id__in=ids).exclude(state=ImageState.REMOVED)
    for image in shown.order_by("position", "id"):
        if image.source_url.startswith(("http://", "https://")):
            images[image.product_id].append(image)
    stocks = Stock.objects.filter(sku__product_id__in=ids, node=own_node())
    stock = dict(stocks.values_list("sku_id", "on_hand"))
    return [row for each in products for row in _product(each, skus[each.id], images[each.id], stock)]


def _product(
    product: Product, skus: Sequence[Sku], images: Sequence[ProductImage], stock: dict[UUID, int]
) -> list[Cells]:
    """Its first row has its texts; each has a variant, a picture, or both."""
    addresses = {image.id: image.source_url for image in images}
    rows: list[Cells] = []
    for sku, image in zip_longest(skus, images):
        row = {"Handle": product.handle} if rows else _texts(product)
        if sku is not None:
            row |= _variant(product, sku, addresses, stock.get(sku.id))
        if image is not None:
            row |= {
                "Image Src": image.source_url,
                "Image Position": str(image.position),
                "Image Alt Text": image.alt,
            }
        rows.append(row)
    return rows


def _texts(product: Product) -> Cells:
    names = [str(name) for name in product.option_names] or ["Title"]
    return {
        "Handle": product.handle,
        "Title": product.title,
        "Body (HTML)": product.body_html,
        "Vendor": product.vendor,
        "Type": product.product_type,
        "Tags": ", ".join(str(tag) for tag in product.tags),
        "Published": _flag(product.published),
        "Return Exclusion": product.return_exclusion,
        **{f"Option{n} Name": name for n, name in enumerate(names, 1)},
    }


def _variant(product: Product, sku: Sku, addresses: dict[UUID, str], units: int | None) -> Cells:
    values = [str(value) for value in sku.option_values] or ["Default Title"]
    compare = sku.compare_at_fen
    return {
        **{f"Option{n} Value": value for n, value in enumerate(values, 1)},
        "Variant SKU": sku.code,
        "Variant Grams": str(sku.weight_g),
        "Variant Inventory Qty": "" if units is None else str(units),
        "Variant Price": format_yuan(Fen(sku.price_fen)),
        "Variant Compare At Price": "" if compare is None else format_yuan(Fen(compare)),
        "Variant Requires Shipping": _flag(sku.requires_shipping),
        "Variant Barcode": sku.barcode,
        "Variant Image": addresses.get(sku.image_id, "") if sku.image_id else "",
    }


def _flag(yes: bool) -> str:
    return "TRUE" if yes else "FALSE"
