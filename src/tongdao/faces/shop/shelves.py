"""Cards of products as the kit draws them, with what is sold out, and the way to the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.store import Store
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import ShelfCard, shelf
from tongdao.goods.catalog.reading.marks import SHELF
from tongdao.goods.inventory.marks import SHELF_STOCK
from tongdao.trade.routing.queries import route

PAGE = 24
SHELF_MARKS = (SHELF, SHELF_STOCK)


@dataclass(frozen=True, slots=True)
class Card:
    product_id: UUID
    handle: str
    url: str
    title: str
    note: str
    image_url: str
    image_alt: str
    fen: Fen
    more: bool
    sold_out: bool
    eager: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cards; the addresses are empty at the ends."""

    cards: Sequence[Card]
    total: int
    text: str
    previous_url: str
    next_url: str


def shelf_facts(number: int, category: str | None = None) -> dict[str, object]:
    """What SHELF_MARKS ask for page `number`. Of stock a shelf shows only whether there is any."""
    return {"category": category, "first": (number - 1) * PAGE, "many": PAGE, "buyable": True, "most": 1}


def read_page(store: Store, number: int, *, category: str | None = None) -> Page:
    """Page `number`, counted from 1."""
    first = (number - 1) * PAGE
    with merchant_scope(store.merchant_id):
        found = shelf(category=category, offset=first, limit=PAGE)
        cards = draw_cards(store, found.cards)
    last = first + len(cards)
    text = _("%(first)d–%(last)d of %(total)d") % {"first": first + 1, "last": last, "total": found.total}
    return Page(
        cards,
        found.total,
        text if found.total > PAGE and cards else "",
        _page_url(number - 1, category) if number > 1 else "",
        _page_url(number + 1, category) if last < found.total and cards else "",
    )


def draw_cards(store: Store, found: Sequence[ShelfCard]) -> list[Card]:
    """In the open merchant_scope, since stock is looked at."""
    sources = route(id for card in found for id in card.sku_ids)
    left = {id for id, source in sources.items() if source.available > 0}
    return [_card(store, card, left, place < 2) for place, card in enumerate(found)]


def _card(store: Store, card: ShelfCard, left: set[UUID], eager: bool) -> Card:
    return Card(
        product_id=card.product_id,
        handle=card.handle,
        url=store.url("product", handle=card.handle),
        title=card.title,
        note=card.vendor if card.vendor != store.name else "",
        image_url=picture_url(card.picture),
        image_alt=card.alt,
        fen=card.from_fen,
        more=card.many_prices,
        sold_out=left.isdisjoint(card.sku_ids),
        eager=eager,
    )


def _page_url(number: int, category: str | None) -> str:
    wanted = {"type": category, "page": number} if category is not None else {"page": number}
    return f"?{urlencode(wanted)}"
