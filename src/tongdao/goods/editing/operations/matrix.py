"""The grid of a product's SKUs, saved whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.clock import today
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.objecting import price_objections
from tongdao.goods.catalog.operations import set_prices
from tongdao.goods.catalog.operations.licensing import held_for
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.editing.cells import (
    PLAIN,
    PRICES,
    STOCK,
    CellProblem,
    SkuEdit,
    conflicts,
    standing,
    taken_codes,
    wrong_values,
)
from tongdao.goods.editing.refusals import SkusChanged, SkusInvalid
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.network.operations import own_node

Changes = Mapping[UUID, Mapping[str, Any]]


def save_skus(product_id: UUID, edits: Sequence[SkuEdit], *, actor: Actor) -> int:
    """Write all cells that were changed, or none; returns how many SKUs changed.

    Two people who change different cells do not disturb each other. Raises NotFound, SkusInvalid with each
    cell that is not right, or SkusChanged with each that somebody else changed, too.
    """
    product = Product.objects.filter(pk=product_id).first()
    mine = [edit for edit in edits if edit.changed()]
    if product is None or not _known(product_id, edits):
        raise NotFound()
    wrong = [problem for edit in mine for problem in wrong_values(edit)]
    if wrong:
        raise SkusInvalid(cells=[problem.as_json() for problem in wrong])
    stocks = _lock_stock(mine)
    rows = Sku.objects.select_for_update(no_key=True, of=("self",)).filter(product=product)
    skus = {sku.id: sku for sku in rows.order_by("id")}
    _check(mine, product, skus, stocks)
    changes: dict[UUID, dict[str, Any]] = {}
    for edit in mine:
        now = standing(skus[edit.sku_id], _on_hand(stocks, edit.sku_id))
        differ = {name: value for name, value in edit.changed().items() if now[name] != value}
        if differ:
            changes[edit.sku_id] = differ
    _write(product, skus, changes, actor)
    return len(changes)


def _known(product_id: UUID, edits: Sequence[SkuEdit]) -> bool:
    ids = {edit.sku_id for edit in edits}
    return Sku.objects.filter(product_id=product_id, archived=False, pk__in=ids).count() == len(ids)


def _lock_stock(edits: Sequence[SkuEdit]) -> dict[UUID, Stock]:
    """Of the merchant's own warehouse. Before the SKUs, as whoever places an order locks them."""
    counted = [edit.sku_id for edit in edits if STOCK in edit.changed()]
    mine = Stock.objects.filter(sku_id__in=[edit.sku_id for edit in edits], node=own_node())
    if counted:
        lock_rows(Rank.STOCK, Stock, mine.filter(sku_id__in=counted).values_list("id", flat=True))
    return {stock.sku_id: stock for stock in mine.all()}


def _on_hand(stocks: Mapping[UUID, Stock], sku_id: UUID) -> int:
    return stocks[sku_id].on_hand if sku_id in stocks else 0


def _check(
    edits: Sequence[SkuEdit], product: Product, skus: Mapping[UUID, Sku], stocks: Mapping[UUID, Stock]
) -> None:
    met = [
        problem
        for edit in edits
        for problem in conflicts(edit, standing(skus[edit.sku_id], _on_hand(stocks, edit.sku_id)))
    ]
    if met:
        raise SkusChanged(cells=[problem.as_json() for problem in met])
    wrong = [
        *taken_codes(edits, skus),
        *_below_offers(edits, skus),
        *_below_promised(edits, stocks),
        *_held_back(edits, product, skus),
    ]
    if wrong:
        raise SkusInvalid(cells=[problem.as_json() for problem in wrong])


def _below_offers(edits: Sequence[SkuEdit], skus: Mapping[UUID, Sku]) -> list[CellProblem]:
    wanted = {
        edit.sku_id: Fen(edit.changed()["price_fen"]) for edit in edits if "price_fen" in edit.changed()
    }
    moved = {id: fen for id, fen in wanted.items() if skus[id].price_fen != fen}
    against = price_objections(moved, clock.now())
    return [CellProblem(id, "price_fen", each.code, details=each.details) for id, each in against.items()]


def _below_promised(edits: Sequence[SkuEdit], stocks: Mapping[UUID, Stock]) -> list[CellProblem]:
    found = []
    for edit in edits:
        units, stock = edit.changed().get(STOCK), stocks.get(edit.sku_id)
        if units is not None and stock and units < stock.reserved:
            details = {"promised": stock.reserved}
            found.append(CellProblem(edit.sku_id, STOCK, "below_promised", details=details))
    return found


def _held_back(edits: Sequence[SkuEdit], product: Product, skus: Mapping[UUID, Sku]) -> list[CellProblem]:
    wanted = [
        edit.sku_id
        for edit in edits
        if edit.changed().get("saleable") is True and not skus[edit.sku_id].saleable
    ]
    why = held_for(product, today()) if wanted else None
    return [CellProblem(id, "saleable", str(why)) for id in wanted] if why else []


def _write(product: Product, skus: Mapping[UUID, Sku], changes: Changes, actor: Actor) -> None:
    counted = {id: each[STOCK] for id, each in changes.items() if STOCK in each}
    if counted:
        set_on_hand(counted, node_id=own_node().id, reason="count", actor=actor)
    plain = {
        id: mine
        for id, each in changes.items()
        if (mine := {name: value for name, value in each.items() if name in PLAIN})
    }
    if plain:
        _write_plain(product, skus, plain, actor)
    priced = [id for id, each in changes.items() if set(PRICES) & each.keys()]
    new = [
        NewPrice(
            id,
            Fen(changes[id].get("price_fen", skus[id].price_fen)),
            changes[id].get("compare_at_fen", skus[id].compare_at_fen),
        )
        for id in priced
    ]
    set_prices(new, reason="grid", actor=actor)


def _write_plain(product: Product, skus: Mapping[UUID, Sku], changes: Changes, actor: Actor) -> None:
    coded = [id for id, each in changes.items() if "code" in each]
    codes = [changes[id]["code"] for id in coded if changes[id]["code"]]
    Sku.objects.filter(pk__in=coded).update(code="")  # two may swap theirs
    Sku.objects.filter(code__in=codes, archived=True).update(code="")  # who is gone makes room
    for id, each in changes.items():
        more = {"held_for": ""} if "saleable" in each else {}
        for name, value in {**each, **more}.items():
            setattr(skus[id], name, value)
    Sku.objects.bulk_update([skus[id] for id in changes], [*PLAIN, "held_for"])
    Product.objects.filter(pk=product.id).update(version=F("version") + 1)
    product.refresh_from_db(fields=["version"])
    record(ProductUpdated(source=Code("grid")), subject=product, actor=actor)
