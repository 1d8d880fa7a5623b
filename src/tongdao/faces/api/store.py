"""What a visitor sees of a store: products, their one public price and its history."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.shapes import Limit, Offset, Page, Slug, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.catalog.queries import ProductCard, price_history, product_cards
from tongdao.trade.routing.queries import Source, route

router = Router(tags=["catalogue"])
FEW = 5
Hint = Literal["sold_out", "few", "available"]


class ProductCardOut(Schema):
    product_id: UUID
    handle: str
    title: str
    picture_url: str | None
    from_fen: int = Field(description="Its lowest price")
    many_prices: bool
    currency: str


class ImageOut(Schema):
    url: str | None
    alt: str
    width: int
    height: int


class PriceOut(Schema):
    at: datetime
    price_fen: int


class SkuOut(Schema):
    sku_id: UUID
    code: str
    option_values: list[str]
    price_fen: int
    price_version: int = Field(description="Send it with a purchase: a price that moved is then refused")
    compare_at_fen: int | None = Field(description="Crossed-out price as the merchant states it")
    currency: str
    saleable: bool
    stock_hint: Hint = Field(description="How it looks now; never a promise")
    price_history: list[PriceOut] = Field(description="Public prices, the latest first")


class ProductOut(Schema):
    product_id: UUID
    handle: str
    title: str
    body_html: str = Field(description="Sanitised")
    vendor: str
    product_type: str
    tags: list[str]
    option_names: list[str]
    published: bool
    images: list[ImageOut]
    skus: list[SkuOut]


@operation(
    router, "GET", "/stores/{slug}/products", need="nobody", answer=Page[ProductCardOut], refuses=[404]
)
def list_products(
    request: HttpRequest, slug: Slug, limit: Limit = 20, offset: Offset = 0
) -> Page[ProductCardOut]:
    """The products of a store, newest first."""
    with merchant_scope(store_of(slug).merchant_id):
        return cards(limit, offset, published_only=True)


@operation(router, "GET", "/stores/{slug}/products/{handle}", need="nobody", answer=ProductOut, refuses=[404])
def read_product(request: HttpRequest, slug: Slug, handle: Text) -> ProductOut:
    """A product with its SKUs, prices and pictures."""
    with merchant_scope(store_of(slug).merchant_id):
        product = Product.objects.filter(handle=handle, published=True).first()
        if product is None:
            raise NotFound()
        return whole(product)


def cards(limit: int, offset: int, *, published_only: bool) -> Page[ProductCardOut]:
    """A page of products. In a merchant_scope."""
    found = product_cards(published_only=published_only, limit=limit + 1, offset=offset)
    currency = Sku.objects.values_list("currency", flat=True).first() or "CNY"
    return Page(items=[_card(card, currency) for card in found[:limit]], more=len(found) > limit)


def _card(card: ProductCard, currency: str) -> ProductCardOut:
    return ProductCardOut(
        product_id=card.product_id,
        handle=card.handle,
        title=card.title,
        picture_url=picture_url(card.picture),
        from_fen=card.from_fen,
        many_prices=card.many_prices,
        currency=currency,
    )


def whole(product: Product) -> ProductOut:
    """Everything that is shown of a product. In a merchant_scope."""
    skus = list(Sku.objects.filter(product=product).order_by("position", "id"))
    sources = route(sku.id for sku in skus)
    images = ProductImage.objects.filter(product=product).exclude(file="").order_by("position", "id")
    return ProductOut(
        product_id=product.id,
        handle=product.handle,
        title=product.title,
        body_html=product.body_html,
        vendor=product.vendor,
        product_type=product.product_type,
        tags=product.tags,
        option_names=product.option_names,
        published=product.published,
        images=[
            ImageOut(url=picture_url(row.file), alt=row.alt, width=row.width, height=row.height)
            for row in images
        ],
        skus=[sku_out(sku, sources.get(sku.id)) for sku in skus],
    )


def sku_out(sku: Sku, source: Source | None) -> SkuOut:
    """A SKU with its history. In a merchant_scope."""
    return SkuOut(
        sku_id=sku.id,
        code=sku.code,
        option_values=sku.option_values,
        price_fen=sku.price_fen,
        price_version=sku.price_version,
        compare_at_fen=sku.compare_at_fen,
        currency=sku.currency,
        saleable=sku.saleable,
        stock_hint=hint(source.available if source else 0),
        price_history=[PriceOut(at=row.at, price_fen=row.price_fen) for row in price_history(sku.id)],
    )


def hint(available: int) -> Hint:
    if available <= 0:
        return "sold_out"
    return "few" if available <= FEW else "available"
