"""Products as the desk lists them: with price, stock and state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.inventory.models import Stock


@dataclass(frozen=True, slots=True)
class ProductRow:
    """`free` units can still be promised; `from_fen` is the lowest price, `to_fen` the highest."""

    product_id: UUID
    title: str
    picture: str
    vendor: str
    published: bool
    skus: int
    from_fen: Fen
    to_fen: Fen
    free: int


def product_rows(ids: Sequence[UUID]) -> list[ProductRow]:
    """These products, in the order of their ids here."""
    known = {product.id: product for product in Product.objects.filter(id__in=ids)}
    return _rows([known[id] for id in ids if id in known])


def _rows(products: Sequence[Product]) -> list[ProductRow]:
    ids = [product.id for product in products]
    prices: defaultdict[UUID, list[int]] = defaultdict(list)
    skus = Sku.objects.filter(product_id__in=ids, archived=False)
    for product_id, fen in skus.values_list("product_id", "price_fen"):
        prices[product_id].append(fen)
    images = ProductImage.objects.filter(product_id__in=ids).exclude(file="").order_by("-position", "-id")
    pictures = {image.product_id: image.file for image in images}
    free = _free(ids)
    return [
        ProductRow(
            product_id=product.id,
            title=product.title,
            picture=pictures.get(product.id, ""),
            vendor=product.vendor,
            published=product.published,
            skus=len(prices[product.id]),
            from_fen=Fen(min(prices[product.id], default=0)),
            to_fen=Fen(max(prices[product.id], default=0)),
            free=free.get(product.id, 0),
        )
        for product in products
    ]


def _free(product_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = Stock.objects.filter(sku__product_id__in=product_ids).values("sku__product_id")
    free = rows.annotate(free=Sum(F("on_hand") - F("reserved")))
    return {row["sku__product_id"]: int(row["free"]) for row in free}
