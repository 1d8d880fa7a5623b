"""A person's favourites at a merchant, as they are now beside what they were then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.reading import ShelfCard, cards_of
from tongdao.goods.favourites.models import Favourite


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """`card` is None when nothing of it is sold any more. `change_fen`: by how much the lowest public price
    is above (or, below zero, under) that of then; 0 where there is nothing to compare."""

    product_id: UUID
    title: str
    kept_at: datetime
    card: ShelfCard | None
    change_fen: Fen


def favourite_ids(person_id: UUID) -> list[UUID]:
    return list(Favourite.objects.filter(person_id=person_id).values_list("product_id", flat=True))


def count_favourites(person_id: UUID) -> int:
    return Favourite.objects.filter(person_id=person_id).count()


def favourites_of(person_id: UUID, *, offset: int = 0, limit: int = 24) -> list[FavouriteView]:
    """The latest first."""
    rows = Favourite.objects.select_related("product").filter(person_id=person_id)
    page = list(rows.order_by("-kept_at", "-id")[offset : offset + limit])
    cards = {card.product_id: card for card in cards_of([row.product_id for row in page])}
    return [_view(row, cards.get(row.product_id)) for row in page]


def _view(row: Favourite, card: ShelfCard | None) -> FavouriteView:
    known = card is not None and row.from_fen is not None
    change = Fen(card.from_fen - row.from_fen) if known and card and row.from_fen is not None else Fen(0)
    return FavouriteView(row.product_id, row.product.title, row.kept_at, card, change)
