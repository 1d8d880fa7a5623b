"""Products side by side: what a visitor can buy here, a page at a time, all or of one category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import Product, ProductImage, Sku


@dataclass(frozen=True, slots=True)
class ShelfCard:
    """A product with at least one saleable SKU. `picture` is a path below MEDIA_ROOT, or empty."""

    product_id: UUID
    handle: str
    title: str
    vendor: str
    picture: str
    alt: str
    from_fen: Fen
    many_prices: bool
    sku_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of cards, newest first, and how many products there are in all."""

    cards: tuple[ShelfCard, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of goods as the merchant named it, and how many products it holds."""

    name: str
    products: int


def shelf(*, category: str | None = None, offset: int = 0, limit: int = 24) -> Shelf:
    """Products that can be bought; with `category`, of that product type only."""
    products = _on_sale()
    if category is not None:
        products = products.filter(product_type=category)
    page = list(products.order_by("-created_at", "-id")[offset : offset + limit])
    offers = _offers([product.id for product in page])
    pictures = _pictures([product.id for product in page])
    cards = tuple(_card(product, offers[product.id], pictures.get(product.id)) for product in page)
    return Shelf(cards, products.count())


def cards_of(product_ids: Sequence[UUID]) -> list[ShelfCard]:
    """Cards in the order of the ids; what cannot be bought (any more) is left out."""
    products = {product.id: product for product in _on_sale().filter(id__in=product_ids)}
    offers, pictures = _offers(products), _pictures(products)
    return [_card(products[id], offers[id], pictures.get(id)) for id in product_ids if id in products]


def cards_by_handle(handles: Sequence[str]) -> list[ShelfCard]:
    """The same, by their handles."""
    found = dict(Product.objects.filter(handle__in=handles, published=True).values_list("handle", "id"))
    return cards_of([found[handle] for handle in dict.fromkeys(handles) if handle in found])


def categories() -> tuple[Category, ...]:
    """By name; products without a type are in none."""
    rows = _on_sale().exclude(product_type="").values("product_type").annotate(many=Count("id"))
    return tuple(Category(row["product_type"], row["many"]) for row in rows.order_by("product_type"))


def _on_sale() -> QuerySet[Product]:
    offered = Sku.objects.filter(product_id=OuterRef("pk"), saleable=True, price_fen__gt=0)
    return Product.objects.filter(Exists(offered), published=True)


def _offers(product_ids: Iterable[UUID]) -> defaultdict[UUID, list[tuple[UUID, int]]]:
    rows = Sku.objects.filter(product_id__in=list(product_ids), saleable=True, price_fen__gt=0)
    found: defaultdict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for product_id, sku_id, price in rows.values_list("product_id", "id", "price_fen"):
        found[product_id].append((sku_id, price))
    return found


def _pictures(product_ids: Iterable[UUID]) -> dict[UUID, ProductImage]:
    rows = ProductImage.objects.filter(product_id__in=list(product_ids)).exclude(file="")
    return {row.product_id: row for row in rows.order_by("-position", "-id")}


def _card(product: Product, offers: list[tuple[UUID, int]], picture: ProductImage | None) -> ShelfCard:
    prices = [price for _, price in offers]
    return ShelfCard(
        product_id=product.id,
        handle=product.handle,
        title=product.title,
        vendor=product.vendor,
        picture=picture.file if picture else "",
        alt=(picture.alt if picture else "") or product.title,
        from_fen=Fen(min(prices, default=0)),
        many_prices=len(set(prices)) > 1,
        sku_ids=tuple(sku_id for sku_id, _ in offers),
    )
