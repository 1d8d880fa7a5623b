"""Some lines of a bulk change, written or put back in the open scope: what became of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.clock import today
from tongdao.foundation.events import Code, as_row, record_many
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.objecting import price_objections
from tongdao.goods.catalog.operations import set_prices
from tongdao.goods.catalog.operations.licensing import held_for
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.editing.models import BatchKind, GoodsBatch, GoodsBatchLine

CHANGED = "changed_since"  # somebody else did something to it in the meantime
BULK, UNDONE = "bulk", "undo"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`why` is a code of a line that was not written; `columns` are further ones of the line."""

    line_id: UUID
    state: str
    why: str = ""
    columns: Mapping[str, int | None] = field(default_factory=dict)


Act = Callable[[GoodsBatch, Sequence[GoodsBatchLine], Actor], Sequence[Outcome]]


def apply_prices(batch: GoodsBatch, lines: Sequence[GoodsBatchLine], actor: Actor) -> list[Outcome]:
    """At once: a price that is not the one that staff saw any more stays as somebody else set it.

    A planned price holds whatever the price is by then: it stood on the SKU's page all the time.
    """
    skus = _locked(lines)
    new = {line.id: NewPrice(_sku(line), _fen(line.new_fen), line.new_compare_fen) for line in lines}
    against = _against(list(new.values()))
    why = {}
    for line in lines:
        sku = skus[_sku(line)]
        seen = batch.planned or (sku.price_fen, sku.compare_at_fen) == (line.old_fen, line.old_compare_fen)
        gone = "archived" if sku.archived else ""
        why[line.id] = gone or ("" if seen else CHANGED) or against.get(sku.id, "")
    versions = set_prices([new[id] for id in new if not why[id]], reason=BULK, actor=actor)
    outcomes = []
    for line in lines:
        sku = skus[_sku(line)]
        made = {
            "price_version": versions.get(sku.id, sku.price_version),
            "old_fen": int(sku.price_fen),
            "old_compare_fen": sku.compare_at_fen,
        }
        outcomes.append(Outcome(line.id, "refused" if why[line.id] else "done", why[line.id], made))
    return outcomes


def undo_prices(batch: GoodsBatch, lines: Sequence[GoodsBatchLine], actor: Actor) -> list[Outcome]:
    """Back to the old price where the price is still the one that the batch made."""
    skus = _locked(lines)
    old = {line.id: NewPrice(_sku(line), _fen(line.old_fen), line.old_compare_fen) for line in lines}
    against = _against(list(old.values()))
    why = {}
    for line in lines:
        sku = skus[_sku(line)]
        touched = sku.archived or sku.price_version != line.price_version
        why[line.id] = CHANGED if touched else against.get(sku.id, "")
    set_prices([old[id] for id in old if not why[id]], reason=UNDONE, actor=actor)
    return [_back(line, why[line.id]) for line in lines]


def _switch(model: type[Product] | type[Sku], column: str, to: str) -> Act:
    """Set `column` of the lines' products or SKUs to the line's value in `to`, where it is the other one."""

    def act(batch: GoodsBatch, lines: Sequence[GoodsBatchLine], actor: Actor) -> list[Outcome]:
        ids = [_target(model, line) for line in lines]
        rows = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
        found = {row.pk: row for row in rows.order_by("pk")}
        why = _why(model, column, to, lines, found)
        for wanted in (True, False):
            mine = [
                _target(model, line) for line in lines if not why[line.id] and getattr(line, to) is wanted
            ]
            changes = {column: wanted} | ({"held_for": ""} if model is Sku else {})
            model._default_manager.filter(pk__in=mine).update(**changes)
        _tell(
            [line.product_id for line in lines if not why[line.id]], UNDONE if to == "old_on" else BULK, actor
        )
        if to == "old_on":
            return [_back(line, why[line.id]) for line in lines]
        return [Outcome(line.id, "refused" if why[line.id] else "done", why[line.id]) for line in lines]

    return act


def _why(
    model: type[Product] | type[Sku],
    column: str,
    to: str,
    lines: Sequence[GoodsBatchLine],
    found: Mapping[UUID, Product | Sku],
) -> dict[UUID, str]:
    """By line: a code where it must not be switched."""
    day, why = today(), {}
    for line in lines:
        row, wanted = found[_target(model, line)], getattr(line, to)
        changed = CHANGED if getattr(row, column) is wanted else ""
        if isinstance(row, Sku) and row.archived:
            changed = "archived"
        why[line.id] = changed or (str(held_for(line.product, day) or "") if wanted else "")
    return why


def _tell(product_ids: Sequence[UUID], reason: str, actor: Actor) -> None:
    products = Product.objects.select_for_update(no_key=True).filter(pk__in=list(product_ids)).order_by("id")
    told = list(products)
    Product.objects.filter(pk__in=[product.id for product in told]).update(version=F("version") + 1)
    updated = ProductUpdated(source=Code(reason))
    record_many(as_row(updated, subject=product, actor=actor, reason=reason) for product in told)


def _locked(lines: Sequence[GoodsBatchLine]) -> dict[UUID, Sku]:
    rows = Sku.objects.select_for_update(no_key=True, of=("self",))
    return {sku.id: sku for sku in rows.filter(pk__in=[_sku(line) for line in lines]).order_by("id")}


def _against(wanted: Sequence[NewPrice]) -> dict[UUID, str]:
    found = price_objections({each.sku_id: each.price for each in wanted}, clock.now())
    return {id: objection.code for id, objection in found.items()}


def _target(model: type[Product] | type[Sku], line: GoodsBatchLine) -> UUID:
    return line.product_id if model is Product else _sku(line)


def _sku(line: GoodsBatchLine) -> UUID:
    assert line.sku_id is not None
    return line.sku_id


def _fen(value: Fen | None) -> Fen:
    assert value is not None
    return value


def _back(line: GoodsBatchLine, why: str) -> Outcome:
    return Outcome(line.id, "kept" if why else "undone", why)


APPLY: dict[BatchKind, Act] = {
    BatchKind.PRICE: apply_prices,
    BatchKind.PUBLISH: _switch(Product, "published", "new_on"),
    BatchKind.SALEABLE: _switch(Sku, "saleable", "new_on"),
}
UNDO: dict[BatchKind, Act] = {
    BatchKind.PRICE: undo_prices,
    BatchKind.PUBLISH: _switch(Product, "published", "old_on"),
    BatchKind.SALEABLE: _switch(Sku, "saleable", "old_on"),
}
