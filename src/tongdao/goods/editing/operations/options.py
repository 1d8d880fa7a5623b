"""Other options for a product: SKUs appear, get other values, or are laid aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.catalog.refusals import PriceInvalid
from tongdao.goods.editing.options import (
    SEPARATOR,
    Combination,
    OptionsPlan,
    OptionWish,
    plan_options,
)
from tongdao.goods.editing.refusals import OptionsInvalid, ProductChanged
from tongdao.goods.inventory.models import Stock
from tongdao.party.merchants.models import Merchant

STEP_ASIDE = "update sku set option_key = id::text where merchant_id = %s and id = any(%s)"


@dataclass(frozen=True, slots=True)
class OptionsDone:
    """How many SKUs appeared, came back from being laid aside, and were laid aside."""

    made: int
    revived: int
    archived: int


def read_plan(product_id: UUID, options: Sequence[OptionWish]) -> OptionsPlan:
    """What these options would do. Raises NotFound, OptionsInvalid or TooManySkus."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    return plan_options(product.option_names, _active(product_id), options)


def change_options(
    product_id: UUID,
    options: Sequence[OptionWish],
    *,
    version: int,
    wanted: Collection[Combination] | None = None,
    price: Fen | None = None,
    actor: Actor,
) -> OptionsDone:
    """Give the product these options. `wanted` are the combinations without a SKU that get one (None: all
    fresh ones); each begins at `price`, or at that of the SKU most like it, without stock. SKUs whose values
    are gone are laid aside: they are not sold any more, their orders and prices stay, and they come back
    with their values. `version` is the product's as staff saw it.

    Raises NotFound, ProductChanged, OptionsInvalid, TooManySkus or PriceInvalid.
    """
    _lock_stock(product_id)
    skus = list(Sku.objects.select_for_update(no_key=True, of=("self",)).filter(product_id=product_id))
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    if product.version != version:
        raise ProductChanged(version=product.version)
    active = sorted((sku for sku in skus if not sku.archived), key=lambda sku: (sku.position, sku.id))
    plan = plan_options(product.option_names, active, options)
    fresh = plan.fresh if wanted is None else [each for each in (*plan.fresh, *plan.gaps) if each in wanted]
    if not plan.stays and not fresh:
        raise OptionsInvalid()
    if price is not None and not NewPrice(product_id, price).valid:
        raise PriceInvalid()
    _make_room(plan, active)
    aside = {tuple(sku.option_values): sku for sku in skus if sku.archived}
    back = {each: aside[each] for each in fresh if each in aside} if _same_names(product, plan) else {}
    _revive(back, plan)
    made = [_new(product, each, plan, price) for each in fresh if each not in back]
    Sku.objects.bulk_create(made)
    PriceChange.objects.bulk_create(_first_price(sku) for sku in made)
    Product.objects.filter(pk=product_id).update(option_names=list(plan.names), version=F("version") + 1)
    product.refresh_from_db()
    record(ProductUpdated(source=Code("options")), subject=product, actor=actor)
    return OptionsDone(len(made), len(back), len(plan.leaves))


def _active(product_id: UUID) -> list[Sku]:
    return list(Sku.objects.filter(product_id=product_id, archived=False).order_by("position", "id"))


def _lock_stock(product_id: UUID) -> None:
    """Before the SKUs: whoever places an order locks its stock and then asks for its SKU."""
    mine = Stock.objects.filter(sku__product_id=product_id)
    lock_rows(Rank.STOCK, Stock, mine.values_list("id", flat=True))


def _same_names(product: Product, plan: OptionsPlan) -> bool:
    return tuple(product.option_names) == plan.names


def _make_room(plan: OptionsPlan, active: Sequence[Sku]) -> None:
    """Lay aside what leaves, and give what stays its values and its place."""
    with connection.cursor() as cursor:
        merchant = active[0].merchant_id if active else None
        cursor.execute(STEP_ASIDE, [merchant, [sku.id for sku in active]])
    leaving = [sku.id for sku in plan.leaves]
    Sku.objects.filter(pk__in=leaving).update(archived=True, saleable=False, held_for="")
    staying = [sku for sku in active if sku.id in plan.stays]
    for sku in staying:
        values = plan.stays[sku.id]
        sku.option_values, sku.option_key = list(values), SEPARATOR.join(values)
        sku.position = plan.order[values]
    Sku.objects.bulk_update(staying, ["option_values", "option_key", "position"])


def _revive(back: dict[Combination, Sku], plan: OptionsPlan) -> None:
    for values, sku in back.items():
        sku.archived, sku.saleable, sku.held_for = False, True, ""
        sku.option_key, sku.position = SEPARATOR.join(values), plan.order[values]
    Sku.objects.bulk_update(back.values(), ["archived", "saleable", "held_for", "option_key", "position"])


def _new(product: Product, values: Combination, plan: OptionsPlan, price: Fen | None) -> Sku:
    like = plan.models.get(values)
    currency = (
        like.currency
        if like
        else Merchant.objects.values_list("currency", flat=True).get(pk=product.merchant_id)
    )
    if price is None and like is None:
        raise PriceInvalid()
    return Sku(
        product=product,
        position=plan.order[values],
        option_values=list(values),
        option_key=SEPARATOR.join(values),
        currency=currency,
        price_fen=price if price is not None else like.price_fen,  # type: ignore[union-attr]  # one of them is there
        compare_at_fen=None,
        weight_g=like.weight_g if like else 0,
        volume_cm3=like.volume_cm3 if like else 0,
        requires_shipping=like.requires_shipping if like else True,
    )


def _first_price(sku: Sku) -> PriceChange:
    return PriceChange(sku=sku, version=1, price_fen=sku.price_fen, at=clock.now())
