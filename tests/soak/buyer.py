"""A process that places orders of several lines in drawn order, batch after batch: `SHOP ORDERS SEED`."""

from __future__ import annotations

import random
import sys
from collections import Counter
from uuid import UUID

import django

django.setup()

from tests.soak.counting import Count, counted, say  # noqa: E402 (Django comes first)
from tests.soak.shop import SoakShop, shop_from  # noqa: E402
from tests.support.builders import an_address  # noqa: E402
from tongdao.foundation.ids import uuid7  # noqa: E402
from tongdao.foundation.refusals import Refusal  # noqa: E402
from tongdao.trade.orders.operations import place, prepare  # noqa: E402
from tongdao.trade.orders.wishing import Wanted, Wish  # noqa: E402

LARGEST = 64  # wishes in a batch, as the queue's
MOST_LINES = 6


def a_wish(shop: SoakShop, draw: random.Random) -> Wish:
    skus = draw.sample(shop.skus, draw.randint(1, MOST_LINES))
    return prepare(
        [Wanted(UUID(sku), draw.randint(1, 3)) for sku in skus],
        key=uuid7().hex,
        person_id=UUID(draw.choice(shop.people)),
        visitor=None,
        storefront_id=UUID(shop.storefront_id),
        address=an_address(),
    )


def buy(shop: SoakShop, orders: int, draw: random.Random) -> Count:
    """Until so many wishes were answered."""
    count: Count = Counter()
    asked = 0
    while asked < orders:
        wishes = [a_wish(shop, draw) for _ in range(min(draw.randint(1, LARGEST), orders - asked))]
        asked += len(wishes)

        def batch(wishes: list[Wish] = wishes) -> None:
            for answer in place(shop.merchant, wishes):
                count[f"order: {answer.code}" if isinstance(answer, Refusal) else "orders placed"] += 1

        counted("batches", batch, count)
    return count


if __name__ == "__main__":
    say(buy(shop_from(sys.argv[1]), int(sys.argv[2]), random.Random(sys.argv[3])))
