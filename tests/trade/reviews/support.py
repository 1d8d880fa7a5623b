"""Orders that were received, and what can be said of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection
from PIL import Image

from tests.faces.console.support import paid_order
from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.orders.operations import complete_order, set_confirm_deadline
from tongdao.trade.reviews.models import Review, ReviewTally
from tongdao.trade.reviews.operations import Said, write_review
from tongdao.trade.reviews.pictures import Stored, stored_pictures

OPERATOR = Actor("operator")


def a_buyer() -> Actor:
    return Actor("person", create_guest().id)


def received_lines(shop: Shop, buyer: Actor, **wish: object) -> list[UUID]:
    """The lines of an order of all the shop's SKUs that the buyer has, in their order."""
    assert buyer.id
    order_id = paid_order(shop, person_id=buyer.id, **wish)
    receive(shop, order_id)
    return lines_of(shop, order_id)


def receive(shop: Shop, order_id: UUID) -> None:
    with merchant_scope(shop.merchant_id):
        set_confirm_deadline(order_id, clock.now() + timedelta(days=10))
        complete_order(order_id, actor=SYSTEM)


def lines_of(shop: Shop, order_id: UUID) -> list[UUID]:
    with merchant_scope(shop.merchant_id):
        rows = OrderLine.objects.filter(order_id=order_id).order_by("position")
        return list(rows.values_list("id", flat=True))


def buyer_of_order(shop: Shop, order_id: UUID) -> Actor:
    with merchant_scope(shop.merchant_id):
        return Actor("person", Order.objects.values_list("person_id", flat=True).get(pk=order_id))


def write(
    shop: Shop,
    line_id: UUID,
    actor: Actor,
    *,
    stars: int = 5,
    text: str = "茶很香。",
    pictures: Sequence[Stored] = (),
) -> Review:
    with merchant_scope(shop.merchant_id):
        return write_review(line_id, stars=stars, said=Said(text, pictures), actor=actor)


def a_review(shop: Shop, *, stars: int = 5, text: str = "茶很香。", pictured: bool = False) -> Review:
    """By a new buyer of the shop's first SKU, with one picture or none."""
    buyer = a_buyer()
    line = received_lines(shop, buyer, skus=shop.skus[:1])[0]
    if not pictured:
        return write(shop, line, buyer, stars=stars, text=text)
    with stored_pictures(shop.merchant_id, [io.BytesIO(a_photo())]) as pictures:
        return write(shop, line, buyer, stars=stars, text=text, pictures=pictures)


def writer_of(review: Review) -> Actor:
    return Actor("person", review.person_id)


def a_photo(colour: str = "#b8442c", *, size: tuple[int, int] = (64, 48), exif: bytes = b"") -> bytes:
    """A JPEG as a phone would send it."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def counted(shop: Shop) -> dict[str, int]:
    """The tally of the shop's first product, after comparing it with the reviews themselves."""
    with merchant_scope(shop.merchant_id):
        tally = ReviewTally.objects.get()
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) filter (where stars = 1), count(*) filter (where stars = 2),"
                " count(*) filter (where stars = 3), count(*) filter (where stars = 4),"
                " count(*) filter (where stars = 5),"
                " count(*) filter (where pictures + follow_up_pictures > 0),"
                " count(*) filter (where followed_up_at is not null)"
                " from review where state <> 'taken_down' and product_id = %s",
                [tally.product_id],
            )
            found = cursor.fetchone()
    assert found is not None
    names = [*(f"stars_{stars}" for stars in range(1, 6)), "pictured", "followed_up"]
    assert [getattr(tally, name) for name in names] == list(found)
    return {name: getattr(tally, name) for name in names if getattr(tally, name)}
