"""What a visitor sees of a store: products, their one public price and its history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from tongdao.faces.api.access import store_of
from tongdao.faces.api.documents import document
from tongdao.faces.api.offers import OffersOut, offers_out
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.shapes import Limit, Offset, Page, Slug, Text
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.catalog.queries import ProductCard, price_history, product_cards
from tongdao.goods.catalog.reading import price_line
from tongdao.goods.catalog.reading.marks import PRODUCT, SHELF
from tongdao.goods.inventory.marks import PRODUCT_STOCK
from tongdao.terms.promotions.marks import OFFERS
from tongdao.terms.promotions.queries import deals
from tongdao.trade.routing.queries import Source, route

router = Router(tags=["catalogue"])
FEW = 5
PRODUCT_MARKS = (PRODUCT, PRODUCT_STOCK, OFFERS)
HISTORY = 20  # prices shown of a SKU, the latest
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
    compare_at_fen: int | None = Field(
        description="As the merchant states it, shown to its staff; what may be crossed out says `price`"
    )
    currency: str
    saleable: bool
    weight_g: int = Field(description="Grams of one unit as it is sent; 0: not known")
    volume_cm3: int = Field(description="Cubic centimetres of one unit as it is sent; 0: not known")
    stock_hint: Hint = Field(description="How it looks now; never a promise")
    price_history: list[PriceOut] = Field(description="Public prices, the latest first")


class PriceLineOut(Schema):
    """The one public price of a SKU, and what its history allows to be said of it."""

    price_fen: int
    currency: str
    since: datetime | None
    lowest_fen: int | None = Field(description="Of the last 30 days; null where the price did not change")
    crossed_fen: int | None = Field(description="May be shown crossed out: it was really asked before")
    base_days: int = Field(description="The days before the price began in which that was asked")
    history: list[PriceOut] = Field(description="The latest first")


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
    return_exclusion: str = Field(
        description="A kind of goods that cannot be returned without a reason, or that the buyer is asked"
        " about; empty: the days stand. The quote tells the words"
    )
    version: int = Field(description="Rises with every change of it")
    images: list[ImageOut]
    skus: list[SkuOut]
    offers: OffersOut | None = Field(description="What buyers are offered of it; null for staff")


@operation(
    router, "GET", "/stores/{slug}/products", need="nobody", answer=Page[ProductCardOut], refuses=[404]
)
def list_products(request: HttpRequest, slug: Slug, limit: Limit = 20, offset: Offset = 0) -> HttpResponse:
    """The products of a store, newest first."""
    return document(
        request,
        slug,
        marks=(SHELF,),
        facts={"category": None, "first": offset, "many": limit + 1, "buyable": False},
        make=lambda: cards(limit, offset, published_only=True),
    )


@operation(router, "GET", "/stores/{slug}/products/{handle}", need="nobody", answer=ProductOut, refuses=[404])
def read_product(request: HttpRequest, slug: Slug, handle: Text) -> HttpResponse:
    """A product with its SKUs, prices and pictures."""
    return document(
        request,
        slug,
        marks=PRODUCT_MARKS,
        facts={"handle": handle, "most": FEW + 1},
        make=lambda: _public(handle),
    )


def _public(handle: str) -> ProductOut:
    product = Product.objects.filter(handle=handle, published=True).first()
    if product is None:
        raise NotFound()
    shown = whole(product, stated=False)
    ids = [sku.sku_id for sku in shown.skus if sku.saleable]
    left = {id: source.available for id, source in route(ids).items()}
    shown.offers = offers_out(deals(clock.now(), skus=ids, products=[product.id]), left)
    return shown


@operation(
    router, "GET", "/stores/{slug}/skus/{sku_id}/price", need="nobody", answer=PriceLineOut, refuses=[404]
)
def read_price(request: HttpRequest, slug: Slug, sku_id: UUID) -> PriceLineOut:
    """The price of a SKU with its honest history."""
    with merchant_scope(store_of(slug).merchant_id):
        sku = Sku.objects.filter(pk=sku_id, product__published=True).first()
        if sku is None:
            raise NotFound()
        stated = None if sku.compare_at_fen is None else Fen(sku.compare_at_fen)
        line = price_line(sku.id, Fen(sku.price_fen), stated, at=clock.now())
        points = price_history(sku.id, limit=HISTORY)
    return PriceLineOut(
        price_fen=line.fen,
        currency=sku.currency,
        since=line.since,
        lowest_fen=line.lowest_fen,
        crossed_fen=line.crossed_fen,
        base_days=line.base_days,
        history=[PriceOut(at=point.at, price_fen=point.price_fen) for point in points],
    )


def cards(
    limit: int, offset: int, *, published_only: bool, among: Sequence[UUID] | None = None
) -> Page[ProductCardOut]:
    """A page of products, or of those `among` these. In a merchant_scope."""
    found = product_cards(published_only=published_only, limit=limit + 1, offset=offset, among=among)
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


def whole(product: Product, *, stated: bool) -> ProductOut:
    """Everything that is shown of a product; `stated` prices are for staff. In a merchant_scope."""
    skus = list(Sku.objects.filter(product=product, archived=False).order_by("position", "id"))
    ids = [sku.id for sku in skus]
    sources, histories = route(ids), _histories(ids)
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
        return_exclusion=product.return_exclusion,
        version=product.version,
        images=[
            ImageOut(url=picture_url(row.file), alt=row.alt, width=row.width, height=row.height)
            for row in images
        ],
        skus=[sku_out(sku, sources.get(sku.id), histories[sku.id], stated=stated) for sku in skus],
        offers=None,
    )


def one_sku(sku: Sku) -> SkuOut:
    """A SKU as its staff sees it. In a merchant_scope."""
    return sku_out(sku, route([sku.id]).get(sku.id), _histories([sku.id])[sku.id], stated=True)


def sku_out(sku: Sku, source: Source | None, history: list[PriceOut], *, stated: bool) -> SkuOut:
    return SkuOut(
        sku_id=sku.id,
        code=sku.code,
        option_values=sku.option_values,
        price_fen=sku.price_fen,
        price_version=sku.price_version,
        compare_at_fen=sku.compare_at_fen if stated else None,
        currency=sku.currency,
        saleable=sku.saleable,
        weight_g=sku.weight_g,
        volume_cm3=sku.volume_cm3,
        stock_hint=hint(source.available if source else 0),
        price_history=history,
    )


def _histories(sku_ids: list[UUID]) -> dict[UUID, list[PriceOut]]:
    """The latest prices of each, in one query: a product may have two thousand SKUs."""
    found: dict[UUID, list[PriceOut]] = {id: [] for id in sku_ids}
    for row in PriceChange.objects.filter(sku_id__in=sku_ids).order_by("sku_id", "-version"):
        if len(found[row.sku_id]) < HISTORY:
            found[row.sku_id].append(PriceOut(at=row.at, price_fen=row.price_fen))
    return found


def hint(available: int) -> Hint:
    if available <= 0:
        return "sold_out"
    return "few" if available <= FEW else "available"
