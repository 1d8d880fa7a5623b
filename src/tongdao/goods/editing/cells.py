"""Cells of the grid of SKUs: which there are, what may stand in each, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any
from uuid import UUID

from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.operations.pricing import MOST_FEN
from tongdao.goods.catalog.operations.sizing import MOST_CM3, MOST_G
from tongdao.goods.inventory.operations.count import MOST_UNITS

PRICES = ("price_fen", "compare_at_fen")
PLAIN = ("code", "barcode", "weight_g", "volume_cm3", "saleable")
STOCK = "on_hand"
FIELDS = (*PRICES, *PLAIN, STOCK)
CODE_MAX, BARCODE_MAX = 120, 64

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SkuEdit:
    """What shall stand in some cells of a SKU: fen, grams, units, texts, yes or no.

    `was` is what stood there when staff looked; a cell that is not in it is overwritten whatever it is.
    """

    sku_id: UUID
    to: Values
    was: Values = made(default_factory=dict)

    def changed(self) -> dict[str, Any]:
        """The cells in which something else was typed than stood there."""
        return {
            name: value for name, value in self.to.items() if name not in self.was or self.was[name] != value
        }


@dataclass(frozen=True, slots=True)
class CellProblem:
    """`code` says what is wrong; `now` is what stands there, where somebody else changed it."""

    sku_id: UUID
    field: str
    code: str
    now: Any = None
    details: Mapping[str, Any] = made(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        told = {"sku_id": str(self.sku_id), "field": self.field, "code": self.code}
        return {**told, "now": self.now, **self.details}


def standing(sku: Sku, on_hand: int) -> dict[str, Any]:
    """What stands in the cells of a SKU."""
    found = {name: getattr(sku, name) for name in (*PRICES, *PLAIN)}
    found["price_fen"] = int(sku.price_fen)
    return {**found, "saleable": sku.saleable, STOCK: on_hand}


def conflicts(edit: SkuEdit, now: Values) -> list[CellProblem]:
    """Cells that both staff and somebody else changed, to different things."""
    return [
        CellProblem(edit.sku_id, name, "changed_since", now[name])
        for name, value in edit.changed().items()
        if name in edit.was and edit.was[name] != now[name] != value
    ]


def wrong_values(edit: SkuEdit) -> list[CellProblem]:
    """Cells whose value no SKU can have."""
    return [
        CellProblem(edit.sku_id, name, code)
        for name, value in edit.changed().items()
        if (code := _wrong(name, value))
    ]


def _wrong(name: str, value: Any) -> str:
    if name not in FIELDS:
        return "unknown_field"
    if name == "price_fen":
        return "" if _whole(value, 1, MOST_FEN) else "price_range"
    if name == "compare_at_fen":
        return "" if value is None or _whole(value, 1, MOST_FEN) else "price_range"
    if name in ("weight_g", "volume_cm3"):
        return "" if _whole(value, 0, MOST_G if name == "weight_g" else MOST_CM3) else "size_range"
    if name == STOCK:
        return "" if _whole(value, 0, MOST_UNITS) else "count_range"
    if name == "saleable":
        return "" if isinstance(value, bool) else "unknown_field"
    limit = CODE_MAX if name == "code" else BARCODE_MAX
    return "" if isinstance(value, str) and len(value) <= limit else "too_long"


def _whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def taken_codes(edits: Sequence[SkuEdit], skus: Mapping[UUID, Sku]) -> list[CellProblem]:
    """Codes that two SKUs would have: of this product, or one of another product."""
    wanted = {edit.sku_id: edit.changed()["code"] for edit in edits if edit.changed().get("code")}
    after = {id: wanted.get(id, sku.code) for id, sku in skus.items() if id in wanted or not sku.archived}
    for edit in edits:
        if edit.changed().get("code") == "":
            after[edit.sku_id] = ""
    found = [
        CellProblem(id, "code", "code_twice")
        for id, code in wanted.items()
        if any(other != id and code == theirs for other, theirs in after.items())
    ]
    others = Sku.objects.filter(code__in=list(wanted.values())).exclude(pk__in=list(skus))
    elsewhere = set(others.exclude(archived=True).values_list("code", flat=True))
    return found + [CellProblem(id, "code", "code_taken") for id, code in wanted.items() if code in elsewhere]
