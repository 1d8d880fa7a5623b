"""Keeping a product in mind, and letting it go. A private list: no event tells of it."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.reading import cards_of
from tongdao.goods.favourites.models import Favourite
from tongdao.goods.favourites.refusals import FavouritesFull

MOST = 200  # of one person at one merchant


def keep_favourite(person_id: UUID, product_id: UUID) -> None:
    """Put it on the person's list; what is there stays as it is. Raises NotFound or FavouritesFull."""
    if not Product.objects.filter(pk=product_id, published=True).exists():
        raise NotFound()
    mine = Favourite.objects.filter(person_id=person_id)
    if mine.filter(product_id=product_id).exists():
        return
    if mine.count() >= MOST:
        raise FavouritesFull(most=MOST)
    card = next(iter(cards_of([product_id])), None)
    row = Favourite(
        person_id=person_id,
        product_id=product_id,
        from_fen=card.from_fen if card else None,
        kept_at=clock.now(),
    )
    Favourite.objects.bulk_create([row], ignore_conflicts=True)  # two tabs at once keep it once


def drop_favourite(person_id: UUID, product_id: UUID) -> bool:
    """Take it off; whether it was there."""
    return Favourite.objects.filter(person_id=person_id, product_id=product_id).delete()[0] > 0


def take_over(person_id: UUID, guest_id: UUID) -> None:
    """What a guest had kept, for whom the guest turned out to be; as much as there is room for."""
    rows = Favourite.objects.filter(person_id=guest_id).order_by("-kept_at")
    mine = set(Favourite.objects.filter(person_id=person_id).values_list("product_id", flat=True))
    room = max(0, MOST - len(mine))
    fresh = [row for row in rows if row.product_id not in mine][:room]
    Favourite.objects.bulk_create(
        [
            Favourite(
                person_id=person_id, product_id=row.product_id, from_fen=row.from_fen, kept_at=row.kept_at
            )
            for row in fresh
        ],
        ignore_conflicts=True,
    )
