"""Searching a store, a page at a time."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.refusals import BadCursor
from tongdao.faces.api.shapes import Limit, Slug, Text
from tongdao.faces.api.store import ProductCardOut
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.reading import ShelfCard, cards_of
from tongdao.goods.search.places import BadPlace, Place, read_place
from tongdao.goods.search.queries import find_products

router = Router(tags=["catalogue"])
Typed = Annotated[
    Text,
    Field(
        max_length=10_000,
        description="Words, pinyin, initials or the beginning of a SKU code; the first 64 characters count",
    ),
]
Cursor = Annotated[str, Field(max_length=64, description="`next` of the page before; empty: the first page")]


class FoundOut(Schema):
    """Products that have all words, best first; fewer than `limit` where some have just left the shop."""

    items: list[ProductCardOut]
    guessed: bool = Field(description="Nothing was as typed; these are what was perhaps meant")
    next: str | None = Field(description="Cursor of the next page; null at the end")


@operation(router, "GET", "/stores/{slug}/search", need="nobody", answer=FoundOut, refuses=[404])
def search_products(
    request: HttpRequest, slug: Slug, q: Typed = "", limit: Limit = 20, cursor: Cursor = ""
) -> FoundOut:
    """Products of a store by words, pinyin, initials or SKU code; one mistake is forgiven."""
    store, after = store_of(slug), _place(cursor)
    with merchant_scope(store.merchant_id):
        found = find_products(q, limit=limit, after=after)
        cards = cards_of(found.ids)
        currency = Sku.objects.values_list("currency", flat=True).first() or "CNY"
    return FoundOut(
        items=[_card(card, currency) for card in cards],
        guessed=found.guessed and bool(cards),
        next=found.after.text if found.after else None,
    )


def _card(card: ShelfCard, currency: str) -> ProductCardOut:
    return ProductCardOut(
        product_id=card.product_id,
        handle=card.handle,
        title=card.title,
        picture_url=picture_url(card.picture),
        from_fen=card.from_fen,
        many_prices=card.many_prices,
        currency=currency,
    )


def _place(cursor: str) -> Place | None:
    try:
        return read_place(cursor)
    except BadPlace as error:
        raise BadCursor() from error
