"""What a bulk change would do, line by line, before anything is written; reads only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.objecting import price_objections
from tongdao.goods.catalog.operations.licensing import held_for
from tongdao.goods.catalog.operations.pricing import MOST_FEN
from tongdao.goods.editing.models import BatchKind, GoodsBatchLine
from tongdao.goods.editing.reckoning import PriceRule, new_compare_at, new_price
from tongdao.goods.editing.refusals import NothingChosen, TooManyChosen

MOST_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """One SKU, or one product (`sku_id` None). `refused` is a code, empty where it would be changed.

    Prices in fen of one unit; `on` says whether it is in the shop, or for sale.
    """

    product_id: UUID
    sku_id: UUID | None
    title: str
    name: str
    refused: str = ""
    old_fen: int | None = None
    new_fen: int | None = None
    old_compare_fen: int | None = None
    new_compare_fen: int | None = None
    old_on: bool | None = None
    new_on: bool | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """`fingerprint` tells this preview from one of other goods, other prices or another rule."""

    lines: Sequence[Line]

    @property
    def changing(self) -> list[Line]:
        return [line for line in self.lines if not line.refused]

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.refused]

    @property
    def fingerprint(self) -> str:
        told: list[Any] = [
            (
                str(line.sku_id or line.product_id),
                line.old_fen,
                line.new_fen,
                line.new_compare_fen,
                line.new_on,
            )
            for line in self.changing
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def preview_prices(
    rule: PriceRule,
    *,
    products: Collection[UUID] = (),
    skus: Collection[UUID] = (),
    at: datetime | None = None,
) -> Preview:
    """What `rule` makes of the prices of these SKUs, and of all SKUs of these products, from `at` on.

    Raises NothingChosen or TooManyChosen.
    """
    rows = _chosen(products, skus)
    if at is not None:
        _as_planned(rows, at)
    wanted = {sku.id: new_price(sku.price_fen, rule) for sku in rows}
    real = {id: Fen(fen) for id, fen in wanted.items() if 0 < fen <= MOST_FEN}
    told = {id: each.code for id, each in price_objections(real, at or clock.now()).items()}
    if at is not None:
        told |= dict.fromkeys(_planned_at(at, real), "planned_already")
    return Preview([_price_line(sku, wanted[sku.id], rule, told.get(sku.id, "")) for sku in rows])


def preview_switch(
    kind: BatchKind, on: bool, *, products: Collection[UUID] = (), skus: Collection[UUID] = ()
) -> Preview:
    """What showing or hiding these products does ("publish"), or selling or not selling their SKUs."""
    if kind == BatchKind.SALEABLE:
        rows = _chosen(products, skus)
        held = _held([sku.product for sku in rows]) if on else {}
        return Preview([_saleable_line(sku, on, held.get(sku.product_id, "")) for sku in rows])
    found = list(Product.objects.filter(pk__in=list(products)).order_by("title", "id")[: MOST_LINES + 1])
    _count(found)
    held = _held(found) if on else {}
    return Preview([_publish_line(product, on, held.get(product.id, "")) for product in found])


def _chosen(products: Collection[UUID], skus: Collection[UUID]) -> list[Sku]:
    rows = Sku.objects.select_related("product").filter(archived=False)
    found = rows.filter(product_id__in=list(products)) if products else rows.none()
    found = found | rows.filter(pk__in=list(skus)) if skus else found
    listed = list(found.order_by("product__title", "product_id", "position", "id")[: MOST_LINES + 1])
    _count(listed)
    return listed


def _count(rows: Sequence[object]) -> None:
    if not rows:
        raise NothingChosen()
    if len(rows) > MOST_LINES:
        raise TooManyChosen(most=MOST_LINES)


def _as_planned(skus: Sequence[Sku], at: datetime) -> None:
    """Put the prices that they will have by then into the rows, which are not saved."""
    lines = GoodsBatchLine.objects.filter(state="waiting", sku_id__in=[sku.id for sku in skus])
    before = lines.filter(batch__state="waiting", new_fen__isnull=False, batch__due_at__lt=at)
    last = {line.sku_id: line for line in before.order_by("batch__due_at", "batch_id")}
    for sku in skus:
        if line := last.get(sku.id):
            sku.price_fen, sku.compare_at_fen = line.new_fen or sku.price_fen, line.new_compare_fen


def _planned_at(at: datetime, skus: Iterable[UUID]) -> list[UUID]:
    """Those that get a price at this very moment already."""
    same = GoodsBatchLine.objects.filter(state="waiting", new_fen__isnull=False, sku_id__in=list(skus))
    found = same.filter(batch__state="waiting", batch__planned=True, batch__due_at=at)
    return [id for id in found.values_list("sku_id", flat=True) if id is not None]


def _price_line(sku: Sku, fen: int, rule: PriceRule, objection: str) -> Line:
    compare = new_compare_at(sku.price_fen, sku.compare_at_fen, fen, rule)
    refused = objection
    if fen <= 0:
        refused = "price_too_low"
    elif fen > MOST_FEN:
        refused = "price_too_high"
    elif rule.floor_fen is not None and fen < rule.floor_fen:
        refused = "below_floor"
    elif (fen, compare) == (sku.price_fen, sku.compare_at_fen):
        refused = "same"
    return Line(
        product_id=sku.product_id,
        sku_id=sku.id,
        title=sku.product.title,
        name=_name(sku),
        refused=refused,
        old_fen=int(sku.price_fen),
        new_fen=fen,
        old_compare_fen=sku.compare_at_fen,
        new_compare_fen=compare,
    )


def _saleable_line(sku: Sku, on: bool, held: str) -> Line:
    refused = "same" if sku.saleable is on and not (sku.held_for and not on) else held
    title, name = sku.product.title, _name(sku)
    return Line(sku.product_id, sku.id, title, name, refused, old_on=sku.saleable, new_on=on)


def _publish_line(product: Product, on: bool, held: str) -> Line:
    refused = "same" if product.published is on else held
    return Line(product.id, None, product.title, "", refused, old_on=product.published, new_on=on)


def _held(products: Iterable[Product]) -> dict[UUID, str]:
    """Those that may not be sold today, with the reason."""
    day, found = beijing_day(clock.now()), {}
    for product in {product.id: product for product in products}.values():
        if why := held_for(product, day):
            found[product.id] = str(why)
    return found


def _name(sku: Sku) -> str:
    return " · ".join(str(value) for value in sku.option_values) or sku.code
