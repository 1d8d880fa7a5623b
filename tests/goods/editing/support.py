"""Shops with several SKUs a product, and bulk changes of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tests.support.builders import Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.editing.choosing import preview_prices
from tongdao.goods.editing.models import BatchKind, GoodsBatch
from tongdao.goods.editing.operations import begin_batch, run_batch
from tongdao.goods.editing.queries import batch_view
from tongdao.goods.editing.reckoning import PriceRule

LESS_10 = PriceRule("percent", -1_000)


def a_shop(*prices: int) -> Shop:
    """One product for each price; 12,800 fen where none is named."""
    return make_shop(prices or (12_800,), stock=10)


def begin(
    shop: Shop, rule: PriceRule = LESS_10, *, at: datetime | None = None, skus: tuple[UUID, ...] = ()
) -> GoodsBatch:
    """A bulk change of the prices of these SKUs, or of all, not run yet."""
    with merchant_scope(shop.merchant_id):
        preview = preview_prices(rule, skus=skus or shop.skus, at=at)
        return begin_batch(
            BatchKind.PRICE,
            preview,
            seen=preview.fingerprint,
            rule=rule.as_json(),
            note="换季",
            due_at=at,
            actor=shop.owner,
        )


def change(shop: Shop, rule: PriceRule = LESS_10) -> GoodsBatch:
    """The same, done."""
    batch = begin(shop, rule)
    run_batch(shop.merchant_id, batch.id)
    return batch


def prices(shop: Shop) -> list[int]:
    """Of the shop's SKUs, in their order."""
    with merchant_scope(shop.merchant_id):
        found = dict(Sku.objects.values_list("id", "price_fen"))
    return [int(found[id]) for id in shop.skus]


def history(shop: Shop, sku_id: UUID) -> list[int]:
    with merchant_scope(shop.merchant_id):
        rows = PriceChange.objects.filter(sku_id=sku_id).order_by("version")
        return [int(fen) for fen in rows.values_list("price_fen", flat=True)]


def counts(shop: Shop, batch: GoodsBatch) -> dict[str, int]:
    """Lines by their state, and the state of the batch itself as a key with 0."""
    with merchant_scope(shop.merchant_id):
        seen = batch_view(batch.id)
    return {**seen.counts, seen.batch.state: seen.counts.get(seen.batch.state, 0)}


def state(shop: Shop, batch: GoodsBatch) -> str:
    with merchant_scope(shop.merchant_id):
        return GoodsBatch.objects.get(pk=batch.id).state


def a_matrix(
    shop: Shop, colours: tuple[str, ...] = ("红", "白"), sizes: tuple[str, ...] = ("小", "大")
) -> Product:
    """A product with colours and sizes, each SKU at 100.00, in the shop's merchant."""
    with merchant_scope(shop.merchant_id):
        product = Product.objects.create(
            handle="cup", title="杯", option_names=["颜色", "大小"], published=True
        )
        for place, (colour, size) in enumerate(((c, s) for c in colours for s in sizes), 1):
            sku = Sku.objects.create(
                product=product,
                position=place,
                code=f"C{place}",
                option_values=[colour, size],
                option_key=f"{colour}\x1f{size}",
                currency="CNY",
                price_fen=Fen(10_000),
            )
            PriceChange.objects.create(sku=sku, version=1, price_fen=Fen(10_000), at=clock.now())
    return product


def staff(shop: Shop) -> Actor:
    return shop.owner
