"""Reading the catalogue: what buyers see, and the facts that a quote stands on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """What a quote needs of a SKU. `picture` is a path below MEDIA_ROOT, or empty; weight and volume are of
    one unit, 0 where not known; `category` is of rulebook.licences, `return_exclusion` of rulebook.returns,
    either may be empty."""

    sku_id: UUID
    product_id: UUID
    handle: str
    title: str
    option_text: str
    code: str
    picture: str
    currency: str
    price_fen: Fen
    price_version: int
    saleable: bool
    requires_shipping: bool
    weight_g: int = 0
    volume_cm3: int = 0
    category: str = ""
    return_exclusion: str = ""


_FACTS = """
select sku.id, sku.product_id, product.handle, product.title, sku.option_values::text, sku.code,
  coalesce(nullif(own.file, ''), (
    select file from product_image first
    where first.merchant_id = sku.merchant_id and first.product_id = sku.product_id and first.file <> ''
    order by first.position, first.id limit 1), ''),
  sku.currency, sku.price_fen, sku.price_version, sku.saleable and product.published and sku.price_fen > 0,
  sku.requires_shipping, sku.weight_g, sku.volume_cm3, product.category, product.return_exclusion
from sku
join product on product.merchant_id = sku.merchant_id and product.id = sku.product_id
left join product_image own on own.merchant_id = sku.merchant_id and own.id = sku.image_id
where sku.merchant_id = %s and sku.id = any(%s)
"""


def sku_facts(ids: Iterable[UUID]) -> dict[UUID, SkuFacts]:
    """By SKU id; unknown ones are left out."""
    return read(ask_sku_facts(ids))


def ask_sku_facts(ids: Iterable[UUID]) -> Asking[dict[UUID, SkuFacts]]:
    """`sku_facts`, side by side with other questions."""
    wanted = list(ids)
    rows = (yield from ask(_FACTS, [current_merchant(), wanted])) if wanted else []
    return {
        row[0]: SkuFacts(row[0], row[1], row[2], row[3], " · ".join(json.loads(row[4])), *row[5:])
        for row in rows
    }


def ask_saleable_versions(ids: Iterable[UUID]) -> Asking[dict[UUID, tuple[int, bool]]]:
    """Price version of each SKU, and whether it is for sale; unknown ones are left out."""
    rows = yield from ask(
        "select sku.id, sku.price_version, sku.saleable and product.published from sku"
        " join product on product.merchant_id = sku.merchant_id and product.id = sku.product_id"
        " where sku.merchant_id = %s and sku.id = any(%s)",
        [current_merchant(), list(ids)],
    )
    return {id: (version, saleable) for id, version, saleable in rows}


def _first_pictures(product_ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = ProductImage.objects.filter(product_id__in=list(product_ids)).exclude(file="")
    return {row.product_id: row.file for row in rows.order_by("-position", "-id")}


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list. `from_fen` is its lowest price; `many_prices` says that others cost more."""

    product_id: UUID
    handle: str
    title: str
    picture: str
    from_fen: Fen
    many_prices: bool


def product_cards(
    *,
    published_only: bool = True,
    limit: int = 60,
    offset: int = 0,
    among: Sequence[UUID] | None = None,
) -> list[ProductCard]:
    """A page of the merchant's products, newest first, or of those `among` these."""
    products = Product.objects.order_by("-created_at", "-id")
    if among is not None:
        products = products.filter(pk__in=among)
    if published_only:
        products = products.filter(published=True)
    page = list(products[offset : offset + limit])
    ids = [product.id for product in page]
    prices: dict[UUID, list[int]] = {}
    for product_id, price in Sku.objects.filter(product_id__in=ids, saleable=True).values_list(
        "product_id", "price_fen"
    ):
        prices.setdefault(product_id, []).append(price)
    pictures = _first_pictures(ids)
    return [
        ProductCard(
            product_id=product.id,
            handle=product.handle,
            title=product.title,
            picture=pictures.get(product.id, ""),
            from_fen=Fen(min(prices[product.id])),
            many_prices=len(set(prices[product.id])) > 1,
        )
        for product in page
        if product.id in prices
    ]


@dataclass(frozen=True, slots=True)
class PricePoint:
    """The public price from `at` on."""

    at: datetime
    price_fen: Fen


def price_history(sku_id: UUID, *, limit: int = 20) -> list[PricePoint]:
    """Latest first."""
    rows = PriceChange.objects.filter(sku_id=sku_id).order_by("-version")[:limit]
    return [PricePoint(row.at, Fen(row.price_fen)) for row in rows]


def lowest_price_before(sku_id: UUID, *, since: datetime, until: datetime) -> Fen | None:
    """The lowest public price in force at any moment of [since, until), or None when it had none."""
    points = [point for point in price_history(sku_id, limit=200) if point.at < until]
    inside = [point.price_fen for point in points if point.at >= since]
    before = next((point.price_fen for point in points if point.at < since), None)
    seen = inside if before is None else [*inside, before]
    return min(seen) if seen else None
