"""A merchant's own view of its goods: unpublished ones too, prices and stock to be set."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Count, Fen, Input, Limit, Offset, Page, Text
from tongdao.faces.api.store import ProductCardOut, ProductOut, SkuOut, cards, one_sku, whole
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation import money
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import (
    set_price,
    set_published,
    set_return_exclusion,
    set_saleable,
    set_size,
)
from tongdao.goods.catalog.operations.sizing import MOST_CM3, MOST_G
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.network.operations import own_node

router = Router(tags=["goods"])

if TYPE_CHECKING:
    ProductFilters = Filters
else:
    ProductFilters = filters_of("products")


class ProductChangeIn(Input):
    """What is left out stays as it is."""

    published: bool | None = None
    return_exclusion: Text | None = Field(
        None,
        max_length=32,
        description="A kind that cannot be returned without a reason; empty: the days stand."
        " Orders that were placed keep what they promised",
    )


class SkuChangeIn(Input):
    """What is left out stays as it is; `compare_at_fen` null takes the crossed-out price away."""

    price_fen: Fen | None = None
    compare_at_fen: Fen | None = None
    saleable: bool | None = None
    weight_g: int | None = Field(None, strict=True, ge=0, le=MOST_G, description="Of one unit, in grams")
    volume_cm3: int | None = Field(None, strict=True, ge=0, le=MOST_CM3, description="Of one unit")


class StockIn(Input):
    on_hand: Count = Field(description="Units counted in the own warehouse")


class StockOut(Schema):
    sku_id: UUID
    on_hand: int
    reserved: int = Field(description="Promised to open orders, still in the warehouse")


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/products",
    need="goods.read",
    answer=Page[ProductCardOut],
)
def list_own_products(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[ProductFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[ProductCardOut]:
    """All products, unpublished ones too, newest first."""
    rows = rows_of(LISTS["products"], filters, limit + 1, offset)
    return cards(limit, 0, published_only=False, among=[row.id for row in rows])


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/products/{product_id}",
    need="goods.read",
    answer=ProductOut,
)
def read_own_product(request: Call, merchant_id: UUID, product_id: UUID) -> ProductOut:
    """A product, published or not."""
    return _own(product_id)


def _own(product_id: UUID) -> ProductOut:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    return whole(product, stated=True)


@operation(
    router,
    "PATCH",
    "/merchants/{merchant_id}/products/{product_id}",
    need="goods.edit",
    answer=ProductOut,
)
def change_product(request: Call, merchant_id: UUID, product_id: UUID, body: ProductChangeIn) -> ProductOut:
    """Show a product in the store, or take it out; say whether it can be returned without a reason."""
    actor = as_staff(request)
    if body.return_exclusion is not None:
        set_return_exclusion(product_id, body.return_exclusion, actor=actor)
    if body.published is not None:
        set_published(product_id, body.published, actor=actor)
    return _own(product_id)


@operation(
    router,
    "PATCH",
    "/merchants/{merchant_id}/skus/{sku_id}",
    need="goods.edit",
    answer=SkuOut,
    refuses=[409],
)
def change_sku(request: Call, merchant_id: UUID, sku_id: UUID, body: SkuChangeIn) -> SkuOut:
    """Set the public price of a SKU, whether it can be bought, its weight and volume."""
    sku = _sku(sku_id)
    actor = as_staff(request)
    if {"price_fen", "compare_at_fen"} & body.model_fields_set:
        asked = body.price_fen if body.price_fen is not None else sku.price_fen
        compare = body.compare_at_fen if "compare_at_fen" in body.model_fields_set else sku.compare_at_fen
        set_price(
            sku_id,
            money.Fen(asked),
            compare_at=None if compare is None else money.Fen(compare),
            actor=actor,
        )
    if body.saleable is not None:
        set_saleable(sku_id, body.saleable, actor=actor)
    if body.weight_g is not None or body.volume_cm3 is not None:
        weight = sku.weight_g if body.weight_g is None else body.weight_g
        volume = sku.volume_cm3 if body.volume_cm3 is None else body.volume_cm3
        set_size(sku_id, weight_g=weight, volume_cm3=volume, actor=actor)
    return one_sku(_sku(sku_id))


@operation(
    router,
    "PUT",
    "/merchants/{merchant_id}/skus/{sku_id}/stock",
    need="goods.edit",
    answer=StockOut,
    refuses=[409],
)
def count_stock(request: Call, merchant_id: UUID, sku_id: UUID, body: StockIn) -> StockOut:
    """Set the units on hand in the own warehouse, as counted."""
    _sku(sku_id)
    node = own_node()
    set_on_hand({sku_id: body.on_hand}, node_id=node.id, reason="count", actor=as_staff(request))
    row = Stock.objects.get(sku_id=sku_id, node=node)
    return StockOut(sku_id=sku_id, on_hand=row.on_hand, reserved=row.reserved)


def _sku(sku_id: UUID) -> Sku:
    sku = Sku.objects.filter(pk=sku_id).first()
    if sku is None:
        raise NotFound()
    return sku
