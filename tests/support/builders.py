"""Small worlds for tests, made through the operations themselves. Each test makes its own merchant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.merchants.operations import open_merchant
from tongdao.party.network.operations import own_node
from tongdao.party.people.operations import create_guest
from tongdao.rulebook import divisions
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.orders.operations import Placed, place, prepare
from tongdao.trade.orders.wishing import Address, Wanted, Wish

WEST_LAKE = "330106"  # 杭州市西湖区
AFTER_RETURNS = timedelta(days=20)  # seven days from receipt, and the longest rest that may follow


@dataclass(frozen=True)
class Shop:
    """A merchant with goods. `skus` in the order of their making."""

    merchant_id: UUID
    storefront_id: UUID
    slug: str
    owner_id: UUID
    node_id: UUID
    skus: tuple[UUID, ...]

    @property
    def owner(self) -> Actor:
        return Actor("staff", self.owner_id)


def make_shop(prices: tuple[int, ...] = (12_800,), *, stock: int = 10) -> Shop:
    """A merchant with one product a price (fen), `stock` units of each."""
    owner = create_guest()
    slug = f"shop-{token(12)}"
    merchant, storefront = open_merchant(
        name="山间茶舍", slug=slug, owner_id=owner.id, actor=Actor("person", owner.id)
    )
    with merchant_scope(merchant.id):
        node = own_node()
        skus = [_sku(position, Fen(price)) for position, price in enumerate(prices, 1)]
        set_on_hand(
            {sku.id: stock for sku in skus}, node_id=node.id, reason="count", actor=Actor("staff", owner.id)
        )
    return Shop(merchant.id, storefront.id, slug, owner.id, node.id, tuple(sku.id for sku in skus))


def with_new_goods(shop: Shop, price: int = 12_800, *, stock: int = 10) -> Shop:
    """The same merchant with something that nobody has touched, and nothing else."""
    with merchant_scope(shop.merchant_id):
        sku = _sku(token(8), Fen(price))
        set_on_hand({sku.id: stock}, node_id=shop.node_id, reason="count", actor=shop.owner)
    return replace(shop, skus=(sku.id,))


def _sku(position: int | str, price: Fen) -> Sku:
    product = Product.objects.create(handle=f"tea-{position}", title=f"云雾茶 {position}", published=True)
    sku = Sku.objects.create(product=product, position=1, currency="CNY", price_fen=price)
    PriceChange.objects.create(sku=sku, version=1, price_fen=price, at=clock.now())
    return sku


def an_address() -> Address:
    return Address("林小满", "13812345678", "文三路 90 号 2 单元 501", WEST_LAKE, divisions.VERSION)


def a_request(
    shop: Shop,
    quantity: int = 1,
    *,
    person_id: UUID | None = None,
    key: str | None = None,
    skus: tuple[UUID, ...] | None = None,
    visitor: UUID | None = None,
    choice: Choice | None = None,
    quote_version: str = "",
) -> Wish:
    """A wish for `quantity` of each SKU, by a new guest unless told whose."""
    return prepare(
        [Wanted(sku, quantity) for sku in skus or shop.skus],
        key=key or uuid7().hex,
        person_id=person_id or create_guest().id,
        visitor=visitor,
        storefront_id=shop.storefront_id,
        address=an_address(),
        choice=choice or Choice(),
        quote_version=quote_version,
    )


def place_one(wish: Wish, shop: Shop) -> Placed:
    """Place it, or raise its refusal."""
    answer = place(shop.merchant_id, [wish])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer
