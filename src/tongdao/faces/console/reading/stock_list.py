"""Stock as the desk counts it: each SKU at the own warehouse and elsewhere, and what moved last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tongdao.goods.catalog.models import Sku
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.party.network.operations import own_node

LOW = 5  # units from which on something counts as running out
MOVEMENTS = 30


@dataclass(frozen=True, slots=True)
class StockRow:
    """Units of a SKU; `elsewhere` are (node, units on hand)."""

    sku: Sku
    on_hand: int
    reserved: int
    elsewhere: Sequence[tuple[str, int]]

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved

    @property
    def name(self) -> str:
        values = " · ".join(str(value) for value in self.sku.option_values)
        return f"{self.sku.product.title} · {values}" if values else self.sku.product.title


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of stock. `sku_id` and `product_id` lead to it."""

    at: datetime
    name: str
    product_id: UUID
    sku_id: UUID
    node: str
    delta: int
    reason: str


def stock_rows(*, words: str = "", show: str = "", limit: int, offset: int = 0) -> list[StockRow]:
    """By product and place; `show` is "low", "out" or empty, `words` a part of a title, or a code."""
    rows = _wanted(words, show).select_related("product")
    skus = list(rows.order_by("product__title", "product_id", "position", "id")[offset : offset + limit])
    own = own_node().id
    here: dict[UUID, Stock] = {}
    others: defaultdict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for stock in Stock.objects.filter(sku__in=skus).select_related("node").order_by("node__name"):
        if stock.node_id == own:
            here[stock.sku_id] = stock
        else:
            others[stock.sku_id].append((stock.node.name, stock.on_hand))
    return [_row(sku, here.get(sku.id), others[sku.id]) for sku in skus]


def _row(sku: Sku, stock: Stock | None, others: list[tuple[str, int]]) -> StockRow:
    return StockRow(sku, stock.on_hand if stock else 0, stock.reserved if stock else 0, tuple(others))


def _wanted(words: str, show: str) -> QuerySet[Sku]:
    rows = Sku.objects.filter(archived=False)
    if words:
        rows = rows.filter(Q(product__title__icontains=words) | Q(code=words) | Q(barcode=words))
    if show in ("low", "out"):
        mine = Stock.objects.filter(sku_id=OuterRef("pk"), node=own_node())
        left = mine.annotate(left=F("on_hand") - F("reserved")).values("left")[:1]
        rows = rows.filter(saleable=True).annotate(left=Coalesce(Subquery(left), 0))
        rows = rows.filter(left__lte=0) if show == "out" else rows.filter(left__gt=0, left__lte=LOW)
    return rows


def latest_moves() -> list[Moved]:
    """What moved last, anywhere."""
    rows = StockMovement.objects.select_related("stock__sku__product", "stock__node")
    return [
        Moved(
            row.at,
            " · ".join([row.stock.sku.product.title, *map(str, row.stock.sku.option_values)]),
            row.stock.sku.product_id,
            row.stock.sku_id,
            row.stock.node.name,
            row.delta,
            row.reason,
        )
        for row in rows.order_by("-id")[:MOVEMENTS]
    ]
