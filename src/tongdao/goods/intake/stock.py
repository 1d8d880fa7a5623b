"""The stock counts of a chunk: which differ, and which would break a promise to a buyer."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from uuid import UUID

from django.db.models import Q

from tongdao.foundation.locks import Rank, lock_rows
from tongdao.goods.intake.plans import ProductPlan
from tongdao.goods.intake.problems import Problem
from tongdao.goods.inventory.models import Stock

Recount = dict[UUID, tuple[int, int]]  # SKU → units on hand, line


def lock_stock(plans: Sequence[ProductPlan], node_id: UUID) -> Recount:
    """The counts that differ from what is on hand; their rows are locked.

    So is the stock of SKUs that get other options, before they are written: an order that is being placed
    holds its stock and then asks for its SKU, so the other way round the two could wait for each other.
    """
    wanted = {sku_id: count for plan in plans for sku_id, count in plan.stock.items()}
    there = Stock.objects.filter(node_id=node_id, sku_id__in=list(wanted))
    on_hand = dict(there.values_list("sku_id", "on_hand"))
    differ = {key: count for key, count in wanted.items() if on_hand.get(key) != count[0]}
    moved = [sku.id for plan in plans for sku in plan.moved_skus]
    mine = Q(node_id=node_id, sku_id__in=list(differ)) | Q(sku_id__in=moved)
    if differ or moved:
        lock_rows(Rank.STOCK, Stock, Stock.objects.filter(mine).values_list("id", flat=True))
    return differ


def keep_promises(recount: MutableMapping[UUID, tuple[int, int]], node_id: UUID) -> list[Problem]:
    """Take out the counts below what open orders hold, and report them; their neighbours are set."""
    problems = []
    held = Stock.objects.filter(node_id=node_id, sku_id__in=list(recount), reserved__gt=0)
    for sku_id, reserved in held.values_list("sku_id", "reserved"):
        units, line = recount[sku_id]
        if units < reserved:
            del recount[sku_id]
            args = {"promised": reserved}
            problems.append(Problem(line, "Variant Inventory Qty", "below_promised", args))
    return problems


def on_hand(skus: Iterable[UUID], node_id: UUID) -> dict[UUID, int]:
    """Units at the node by SKU; those that were never counted there are left out."""
    rows = Stock.objects.filter(node_id=node_id, sku_id__in=list(skus))
    return dict(rows.values_list("sku_id", "on_hand"))
