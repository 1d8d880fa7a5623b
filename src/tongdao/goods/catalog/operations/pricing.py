"""The one public price: each change is a row of its history, and orders name the version that they saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import as_row, record_many
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import SkuPriced
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.catalog.objecting import price_objections
from tongdao.goods.catalog.refusals import PriceBelowOffer, PriceInvalid

MOST_FEN = 1_000_000_000


@dataclass(frozen=True, slots=True)
class NewPrice:
    """The public price of a SKU from now on, and the crossed-out price that the merchant states."""

    sku_id: UUID
    price: Fen
    compare_at: Fen | None = None

    @property
    def valid(self) -> bool:
        return 0 < self.price <= MOST_FEN and (self.compare_at is None or 0 < self.compare_at <= MOST_FEN)


def set_price(sku_id: UUID, price: Fen, *, compare_at: Fen | None = None, actor: Actor) -> Sku:
    """Sell at `price` from now on; orders placed already keep theirs. The same price again changes nothing.

    Raises NotFound, PriceInvalid, or PriceBelowOffer where a promotion sells it at that price or above.
    """
    wanted = NewPrice(sku_id, price, compare_at)
    if not wanted.valid:
        raise PriceInvalid()
    sku = Sku.objects.select_for_update(no_key=True, of=("self",)).filter(pk=sku_id).first()
    if sku is None:
        raise NotFound()
    if sku.price_fen != price:
        objection = price_objections({sku_id: price}, clock.now()).get(sku_id)
        if objection:
            raise PriceBelowOffer(**objection.details)
    set_prices([wanted], actor=actor)
    sku.refresh_from_db()
    return sku


def set_prices(wanted: Sequence[NewPrice], *, reason: str = "", actor: Actor) -> dict[UUID, int]:
    """Set many, in a few statements; the price version of each SKU that has another price now.

    The caller has looked for objections. Unknown SKUs are left out, those whose price is so already stay.
    Locks the SKUs, then their products. Raises PriceInvalid.
    """
    if not all(each.valid for each in wanted):
        raise PriceInvalid()
    asked = {each.sku_id: each for each in wanted}
    locked = Sku.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(asked))
    changed = [
        (sku, old, asked[sku.id])
        for sku in locked.order_by("id")
        if (old := (sku.price_fen, sku.compare_at_fen)) != (asked[sku.id].price, asked[sku.id].compare_at)
    ]
    for sku, _, new in changed:
        sku.price_fen, sku.compare_at_fen = new.price, new.compare_at
        sku.price_version += 1
    _write([sku for sku, _, _ in changed])
    record_many(
        as_row(
            SkuPriced(product_id=sku.product_id, price_version=sku.price_version),
            subject=sku,
            actor=actor,
            reason=reason,
            old={"price_fen": int(old[0]), "compare_at_fen": old[1]},
            new={"price_fen": int(new.price), "compare_at_fen": new.compare_at},
        )
        for sku, old, new in changed
    )
    return {sku.id: sku.price_version for sku, _, _ in changed}


def _write(skus: Sequence[Sku]) -> None:
    at = clock.now()
    Sku.objects.bulk_update(skus, ["price_fen", "compare_at_fen", "price_version"])
    PriceChange.objects.bulk_create(
        PriceChange(
            sku=sku,
            version=sku.price_version,
            price_fen=sku.price_fen,
            compare_at_fen=sku.compare_at_fen,
            at=at,
        )
        for sku in skus
    )
    products = sorted({sku.product_id for sku in skus})
    rows = Product.objects.select_for_update(no_key=True).filter(pk__in=products).order_by("id")
    Product.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)
