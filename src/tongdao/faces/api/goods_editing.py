"""Goods made and changed by staff: a product whole, its SKUs as one grid, its options, counts of many."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.goods import router
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Count, Fen, Input, Text
from tongdao.faces.api.store import ProductOut, whole
from tongdao.foundation import money
from tongdao.goods.catalog.models import Product
from tongdao.goods.editing.cells import BARCODE_MAX, CODE_MAX, SkuEdit
from tongdao.goods.editing.operations.matrix import save_skus
from tongdao.goods.editing.operations.options import change_options
from tongdao.goods.editing.operations.products import ProductDraft, change_product, create_product
from tongdao.goods.editing.operations.stocktake import Counted, count_stock
from tongdao.goods.editing.options import (
    MOST_SKUS,
    OPTIONS_MAX,
    VALUE_CHARS,
    VALUES_MAX,
    OptionWish,
    ValueWish,
)

__all__ = ["router"]

Name = Annotated[Text, Field(max_length=VALUE_CHARS)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ValueIn(Input):
    text: Name
    was: Name = Field("", description="What it was called; empty: it is new")


class OptionIn(Input):
    name: Name
    values: list[ValueIn] = Field(min_length=1, max_length=VALUES_MAX)
    was: Name = Field("", description="What it was called; empty: it is new")

    def wish(self) -> OptionWish:
        return OptionWish(self.name, tuple(ValueWish(each.text, each.was) for each in self.values), self.was)


class TextsIn(Input):
    title: Text = Field(min_length=1, max_length=255)
    body_html: Text = Field("", max_length=65_536, description="Is sanitised")
    vendor: Text = Field("", max_length=120)
    product_type: Text = Field("", max_length=120)
    tags: list[Text] = Field([], max_length=50)

    def draft(self) -> ProductDraft:
        return ProductDraft(self.title, self.body_html, self.vendor, self.product_type, tuple(self.tags))


class ProductIn(TextsIn):
    price_fen: Fen = Field(description="Of each SKU")
    options: list[OptionIn] = Field([], max_length=OPTIONS_MAX)


class ProductEditIn(TextsIn):
    version: Version = Field(description="Of the product as it was read")


class SkuCellsIn(Input):
    """What is left out stays as it is."""

    code: Text | None = Field(None, max_length=CODE_MAX)
    barcode: Text | None = Field(None, max_length=BARCODE_MAX)
    price_fen: Fen | None = None
    compare_at_fen: Fen | None = Field(None, description="null takes it away")
    weight_g: int | None = Field(None, strict=True, ge=0)
    volume_cm3: int | None = Field(None, strict=True, ge=0)
    saleable: bool | None = None
    on_hand: Count | None = Field(None, description="Units in the own warehouse")

    def cells(self) -> dict[str, Any]:
        given = self.model_dump(include=self.model_fields_set - {"sku_id", "was"})
        return {name: value for name, value in given.items() if value is not None or name == "compare_at_fen"}


class SkuEditIn(SkuCellsIn):
    sku_id: UUID
    was: SkuCellsIn | None = Field(
        None, description="What stood there when it was read: a cell that is different by now is refused"
    )


class SkusIn(Input):
    skus: list[SkuEditIn] = Field(min_length=1, max_length=MOST_SKUS)


class OptionsIn(Input):
    version: Version = Field(description="Of the product as it was read")
    options: list[OptionIn] = Field(max_length=OPTIONS_MAX)
    make: list[list[Name]] | None = Field(
        None, max_length=MOST_SKUS, description="Combinations that get a SKU; null: all with something new"
    )
    price_fen: Fen | None = Field(None, description="Of the new ones; null: as the SKU most like each")


class OptionsOut(Schema):
    made: int
    revived: int = Field(description="Were laid aside, and are back")
    archived: int = Field(description="Are laid aside: not sold any more, their orders and prices stay")
    product: ProductOut


class CountedIn(Input):
    sku_id: UUID
    on_hand: Count
    was: Count | None = Field(None, description="When counting began; refused where it is different by now")


class CountsIn(Input):
    counts: list[CountedIn] = Field(min_length=1, max_length=MOST_SKUS)


class ChangedOut(Schema):
    changed: int
    state: Literal["saved"] = "saved"


@operation(
    router, "POST", "/merchants/{merchant_id}/products", need="goods.edit", answer=ProductOut, status=201
)
def make_product(request: Call, merchant_id: UUID, body: ProductIn) -> ProductOut:
    """A new product that is not in the shop yet, with a SKU for each combination of its options."""
    options = [option.wish() for option in body.options]
    price = money.Fen(body.price_fen)
    product = create_product(body.draft(), options, price=price, actor=as_staff(request))
    return whole(product, stated=True)


@operation(
    router,
    "PUT",
    "/merchants/{merchant_id}/products/{product_id}",
    need="goods.edit",
    answer=ProductOut,
    refuses=[409],
)
def edit_product(request: Call, merchant_id: UUID, product_id: UUID, body: ProductEditIn) -> ProductOut:
    """Say something else of a product. Refused where somebody changed it since it was read."""
    product = change_product(product_id, body.draft(), version=body.version, actor=as_staff(request))
    return whole(product, stated=True)


@operation(
    router,
    "PUT",
    "/merchants/{merchant_id}/products/{product_id}/skus",
    need="goods.edit",
    answer=ProductOut,
    refuses=[409],
)
def save_product_skus(request: Call, merchant_id: UUID, product_id: UUID, body: SkusIn) -> ProductOut:
    """Change many cells of a product's SKUs, all or none. A refusal names each cell."""
    edits = [SkuEdit(each.sku_id, each.cells(), each.was.cells() if each.was else {}) for each in body.skus]
    save_skus(product_id, edits, actor=as_staff(request))
    return whole(Product.objects.get(pk=product_id), stated=True)


@operation(
    router,
    "PUT",
    "/merchants/{merchant_id}/products/{product_id}/options",
    need="goods.edit",
    answer=OptionsOut,
    refuses=[409],
)
def change_product_options(request: Call, merchant_id: UUID, product_id: UUID, body: OptionsIn) -> OptionsOut:
    """Give a product other options: SKUs appear, get other values, or are laid aside."""
    done = change_options(
        product_id,
        [option.wish() for option in body.options],
        version=body.version,
        wanted=None if body.make is None else [tuple(each) for each in body.make],
        price=None if body.price_fen is None else money.Fen(body.price_fen),
        actor=as_staff(request),
    )
    product = whole(Product.objects.get(pk=product_id), stated=True)
    return OptionsOut(made=done.made, revived=done.revived, archived=done.archived, product=product)


@operation(
    router, "PUT", "/merchants/{merchant_id}/stock", need="goods.edit", answer=ChangedOut, refuses=[409]
)
def count_stocks(request: Call, merchant_id: UUID, body: CountsIn) -> ChangedOut:
    """Set the units on hand of many SKUs in the own warehouse, all or none."""
    counted = [Counted(each.sku_id, each.on_hand, each.was) for each in body.counts]
    return ChangedOut(changed=count_stock(counted, actor=as_staff(request)))
