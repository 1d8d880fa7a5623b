"""A count of many SKUs in the own warehouse, kept whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Sku
from tongdao.goods.editing.cells import STOCK, CellProblem, SkuEdit, wrong_values
from tongdao.goods.editing.refusals import SkusChanged, SkusInvalid
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.network.operations import own_node


@dataclass(frozen=True, slots=True)
class Counted:
    """Units that were counted; `was` is what stood there when counting began, None where nobody looked."""

    sku_id: UUID
    units: int
    was: int | None = None


def count_stock(counted: Sequence[Counted], *, actor: Actor) -> int:
    """Set what is on hand; returns how many counts changed.

    Raises NotFound, SkusInvalid with the counts that cannot be, or SkusChanged with those whose stock moved
    since it was looked at: such a count would bring back goods that have left.
    """
    ids = {each.sku_id for each in counted}
    if Sku.objects.filter(pk__in=ids, archived=False).count() != len(ids):
        raise NotFound()
    wrong = [
        problem for each in counted for problem in wrong_values(SkuEdit(each.sku_id, {STOCK: each.units}))
    ]
    if wrong:
        raise SkusInvalid(cells=[problem.as_json() for problem in wrong])
    node = own_node()
    mine = Stock.objects.filter(node=node, sku_id__in=ids)
    lock_rows(Rank.STOCK, Stock, mine.values_list("id", flat=True))
    stocks = {stock.sku_id: stock for stock in mine.all()}
    _check(counted, stocks)
    units = {each.sku_id: each.units for each in counted}
    return set_on_hand(units, node_id=node.id, reason="count", actor=actor) if units else 0


def _check(counted: Sequence[Counted], stocks: dict[UUID, Stock]) -> None:
    moved, short = [], []
    for each in counted:
        stock = stocks.get(each.sku_id)
        now = stock.on_hand if stock else 0
        if each.was is not None and each.was != now:
            moved.append(CellProblem(each.sku_id, STOCK, "changed_since", now))
        elif stock and each.units < stock.reserved:
            details = {"promised": stock.reserved}
            short.append(CellProblem(each.sku_id, STOCK, "below_promised", details=details))
    if moved:
        raise SkusChanged(cells=[problem.as_json() for problem in moved])
    if short:
        raise SkusInvalid(cells=[problem.as_json() for problem in short])
