"""The shop of the soak: what all its processes know of it, as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from tests.interleaving.world import _account
from tests.support.builders import make_shop
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.terms.promotions.operations import create_coupon, create_flash_sale

SKUS = 24
PEOPLE = 200
STOCK = 2_000


@dataclass(frozen=True)
class SoakShop:
    merchant_id: str
    storefront_id: str
    node_id: str
    owner_id: str
    account_id: str
    coupon_id: str
    skus: list[str]
    people: list[str]

    @property
    def merchant(self) -> UUID:
        return UUID(self.merchant_id)

    @property
    def owner(self) -> Actor:
        return Actor("staff", UUID(self.owner_id))

    def told(self) -> str:
        return json.dumps(asdict(self))


def open_shop() -> SoakShop:
    """Many SKUs at low prices, a coupon for everybody and a flash sale on the first SKU."""
    shop = make_shop(tuple(1_000 + 10 * number for number in range(SKUS)), stock=STOCK)
    now = clock.now()
    period = {"starts_at": now, "ends_at": now + timedelta(days=30)}
    with merchant_scope(shop.merchant_id):
        account = _account()
        coupon = create_coupon(
            title="券", off_fen=Fen(100), threshold_fen=Fen(3_000), quota=100, actor=shop.owner, **period
        )
        create_flash_sale(
            title="秒杀", sku_id=shop.skus[0], price_fen=Fen(500), per_member=40, actor=shop.owner, **period
        )
    return SoakShop(
        str(shop.merchant_id),
        str(shop.storefront_id),
        str(shop.node_id),
        str(shop.owner_id),
        str(account.id),
        str(coupon.id),
        [str(id) for id in shop.skus],
        [str(create_guest().id) for _ in range(PEOPLE)],
    )


def shop_from(text: str) -> SoakShop:
    return SoakShop(**json.loads(text))
