"""A buyer's cart at a store: what it means to buy. It promises nothing."""

from typing import Annotated
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.shapes import Input, Slug
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.queries import SkuFacts, sku_facts
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.operations import clear_cart, set_cart_line

router = Router(tags=["buying"])


class QuantityIn(Input):
    quantity: Annotated[int, Field(strict=True, ge=0, le=999)] = Field(description="0 takes it out")


class CartLineOut(Schema):
    sku_id: UUID
    quantity: int
    title: str
    option_text: str
    picture_url: str | None
    price_fen: int
    price_version: int
    saleable: bool
    return_exclusion: str = Field(description="Of the product, or empty")


class CartOut(Schema):
    lines: list[CartLineOut]
    goods_fen: int = Field(description="What can be bought of it, at the prices of now")
    currency: str


@operation(router, "GET", "/stores/{slug}/cart", need="person", answer=CartOut, refuses=[404])
def read_cart(request: Call, slug: Slug) -> CartOut:
    """My cart at this store."""
    with merchant_scope(store_of(slug).merchant_id):
        return _cart(request.auth.id)


@operation(router, "PUT", "/stores/{slug}/cart/{sku_id}", need="person", answer=CartOut, refuses=[404])
def put_in_cart(request: Call, slug: Slug, sku_id: UUID, body: QuantityIn) -> CartOut:
    """Set how many of a SKU I mean to buy."""
    with merchant_scope(store_of(slug).merchant_id):
        set_cart_line(request.auth.id, sku_id, body.quantity)
        return _cart(request.auth.id)


@operation(router, "DELETE", "/stores/{slug}/cart", need="person", answer=None, status=204, refuses=[404])
def empty_cart(request: Call, slug: Slug) -> None:
    """Take everything out."""
    with merchant_scope(store_of(slug).merchant_id):
        clear_cart(request.auth.id)


def _cart(person_id: UUID) -> CartOut:
    rows = list(CartLine.objects.filter(person_id=person_id).order_by("added_at", "id"))
    facts = sku_facts(row.sku_id for row in rows)
    buyable = [row for row in rows if facts[row.sku_id].saleable]
    return CartOut(
        lines=[_line(facts[row.sku_id], row.quantity) for row in rows],
        goods_fen=sum(facts[row.sku_id].price_fen * row.quantity for row in buyable),
        currency=facts[rows[0].sku_id].currency if rows else "CNY",
    )


def _line(facts: SkuFacts, quantity: int) -> CartLineOut:
    return CartLineOut(
        sku_id=facts.sku_id,
        quantity=quantity,
        title=facts.title,
        option_text=facts.option_text,
        picture_url=picture_url(facts.picture),
        price_fen=facts.price_fen,
        price_version=facts.price_version,
        saleable=facts.saleable,
        return_exclusion=facts.return_exclusion,
    )
