"""What the log makes of a shop, its one product and its promoter; and a replay from zero says the same."""

from __future__ import annotations

from uuid import UUID

from tests.faces.promoter.support import Earner
from tests.trade.reviews.support import buyer_of_order, lines_of, write
from tongdao.crm.reputation.queries import (
    Reputation,
    merchant_reputation,
    product_reputation,
    promoter_reputation,
)
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events.loop import run_pending
from tongdao.foundation.events.testing import assert_replay_equal
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.trade.reviews.models import Review
from tongdao.trade.shipping.operations import pack_parcel

PROJECTION = "reputation.figures"


def send(earner: Earner, order_id: UUID) -> None:
    with merchant_scope(earner.shop.merchant_id):
        pack_parcel(order_id, "all", "shunfeng", f"SF{uuid7().int % 10**10:010d}", actor=SYSTEM)


def sold(earner: Earner, *, units: int = 1, review: int = 0) -> UUID:
    """Recommended, paid, sent and received; with `review` so many stars."""
    order_id = earner.sell(units)
    send(earner, order_id)
    earner.receive(order_id)
    if review:
        praise(earner, order_id, review)
    return order_id


def praise(earner: Earner, order_id: UUID, stars: int = 5) -> Review:
    """Its buyer reviews its first line."""
    buyer = buyer_of_order(earner.shop, order_id)
    return write(earner.shop, lines_of(earner.shop, order_id)[0], buyer, stars=stars)


def read_log() -> None:
    while run_pending():
        continue


def reputations(earner: Earner) -> tuple[Reputation, Reputation, Reputation]:
    """Of the merchant, of its product, of the promoter."""
    read_log()
    with merchant_scope(earner.shop.merchant_id):
        product_id, at = Product.objects.get().id, clock.now()
        found = (
            merchant_reputation(at),
            product_reputation(product_id, at),
            promoter_reputation(earner.promoter_id, at),
        )
    assert_replay_equal(PROJECTION, earner.shop.merchant_id, chunk=2)
    return found
