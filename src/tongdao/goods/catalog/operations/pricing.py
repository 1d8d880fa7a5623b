"""The one public price: each change is a row of its history, and orders name the version that they saw."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import SkuPriced
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.catalog.refusals import PriceInvalid

MOST_FEN = 1_000_000_000


def set_price(sku_id: UUID, price: Fen, *, compare_at: Fen | None = None, actor: Actor) -> Sku:
    """Sell at `price` from now on; orders placed already keep theirs. The same price again changes nothing.

    Raises NotFound or PriceInvalid.
    """
    if not 0 < price <= MOST_FEN or (compare_at is not None and not 0 < compare_at <= MOST_FEN):
        raise PriceInvalid()
    sku = Sku.objects.select_for_update(no_key=True, of=("self",)).filter(pk=sku_id).first()
    if sku is None:
        raise NotFound()
    if (sku.price_fen, sku.compare_at_fen) == (price, compare_at):
        return sku
    old = {"price_fen": int(sku.price_fen), "compare_at_fen": sku.compare_at_fen}
    sku.price_fen, sku.compare_at_fen = price, compare_at
    sku.price_version += 1
    sku.save(update_fields=["price_fen", "compare_at_fen", "price_version"])
    PriceChange.objects.create(
        sku=sku, version=sku.price_version, price_fen=price, compare_at_fen=compare_at, at=clock.now()
    )
    Product.objects.filter(pk=sku.product_id).update(version=F("version") + 1)
    record(
        SkuPriced(product_id=sku.product_id, price_version=sku.price_version),
        subject=sku,
        actor=actor,
        old=old,
        new={"price_fen": int(price), "compare_at_fen": compare_at},
    )
    return sku
