"""Cards of what a buyer keeps in mind or saw lately: as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.shop.savings import short_yuan
from tongdao.faces.shop.shelves import PAGE, Card, draw_cards
from tongdao.faces.shop.store import Store
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import cards_by_handle
from tongdao.goods.favourites.queries import FavouriteView, favourites_of


@dataclass(frozen=True, slots=True)
class FavouriteLook:
    """`card` is None when nothing of it is sold any more. `change`: what became of the price, or empty."""

    product_id: UUID
    title: str
    card: Card | None
    change: str
    cheaper: bool


def read_favourites(store: Store, buyer: UUID, number: int) -> tuple[list[FavouriteLook], bool]:
    """Page `number`, counted from 1, and whether there is another."""
    with merchant_scope(store.merchant_id):
        found = favourites_of(buyer, offset=(number - 1) * PAGE, limit=PAGE + 1)
        drawn = {card.product_id: card for card in draw_cards(store, [one.card for one in found if one.card])}
    looks = [_look(view, drawn.get(view.product_id)) for view in found[:PAGE]]
    return looks, len(found) > PAGE


def read_seen(store: Store, handles: Sequence[str]) -> list[Card]:
    with merchant_scope(store.merchant_id):
        return draw_cards(store, cards_by_handle(handles))


def _look(view: FavouriteView, card: Card | None) -> FavouriteLook:
    fen = view.change_fen
    change = ""
    if fen:
        told = _("¥%(yuan)s less than then") if fen < 0 else _("¥%(yuan)s more than then")
        change = told % {"yuan": short_yuan(abs(fen))}
    return FavouriteLook(view.product_id, view.title, card, change, fen < 0)
