"""What was looked for in a store, as cards and lines with the match marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tongdao.faces.shop.shelves import PAGE, Card, draw_cards
from tongdao.faces.shop.store import Store
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import ShelfCard, cards_of
from tongdao.goods.search.marking import mark
from tongdao.goods.search.places import BadPlace, Place, read_place
from tongdao.goods.search.queries import Found, find_products

FEW = 6  # lines suggested
LONGEST = 64  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Results:
    """A page of cards. `guessed`: not as typed, but perhaps meant. The addresses are empty at the ends."""

    cards: Sequence[Card]
    guessed: bool
    first_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A product suggested while somebody types."""

    url: str
    title: SafeString


def read_results(store: Store, query: str, after: str) -> Results:
    """`after` is where the page before ended; what is none of ours is the first page."""
    with merchant_scope(store.merchant_id):
        found = find_products(query, limit=PAGE, after=_place(after))
        shelf = cards_of(found.ids)
        drawn = draw_cards(store, shelf)
    cards = [replace(card, title=marked(of, found)) for card, of in zip(drawn, shelf, strict=True)]
    return Results(
        cards,
        found.guessed and bool(cards),
        search_url(store, query) if after else "",
        search_url(store, query, found.after.text) if found.after else "",
    )


def read_lines(store: Store, query: str) -> list[Line]:
    with merchant_scope(store.merchant_id):
        found = find_products(query, limit=FEW)
        shelf = cards_of(found.ids)
    return [Line(store.url("product", handle=card.handle), marked(card, found)) for card in shelf]


def search_url(store: Store, query: str, after: str = "") -> str:
    asked = {"q": query, "after": after} if after else {"q": query}
    return f"{store.url('search')}?{urlencode(asked)}"


def marked(card: ShelfCard, found: Found) -> SafeString:
    """The title with what was found in it between `<mark>`; all of its own characters are escaped."""
    sound = (found.sounds or {}).get(card.product_id, "")
    parts = mark(card.title, sound, found.tokens)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part.text) if part.hit else part.text,) for part in parts)
    )


def _place(text: str) -> Place | None:
    try:
        return read_place(text)
    except BadPlace:
        return None
