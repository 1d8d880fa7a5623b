"""The grid of SKUs as it is typed: texts in, values out, and what is wrong with which cell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.console.goods_words import why
from tongdao.faces.console.reading.product_record import SkuLine
from tongdao.faces.console.typed import DIGITS, KILO, identifier, kilos, text
from tongdao.faces.kit.money_text import yuan_plain
from tongdao.foundation.money import BadMoney, parse_yuan
from tongdao.goods.editing.cells import FIELDS, SkuEdit, standing

LABELS = {
    "price_fen": gettext_lazy("Price, ¥"),
    "compare_at_fen": gettext_lazy("Crossed out, ¥"),
    "code": gettext_lazy("Code"),
    "on_hand": gettext_lazy("Stock"),
    "saleable": gettext_lazy("For sale"),
    "weight_g": gettext_lazy("Weight, kg"),
    "volume_cm3": gettext_lazy("Volume, cm³"),
    "barcode": gettext_lazy("Barcode"),
}
ORDER = tuple(LABELS)
NUMBERS = ("price_fen", "compare_at_fen", "on_hand", "weight_g", "volume_cm3")
WAS_MAX = 400_000  # characters: 500 SKUs with long codes
Typed = dict[UUID, dict[str, str]]


class CannotRead(ValueError):
    """A text that is no value of its cell; its message is for staff."""


@dataclass(frozen=True, slots=True)
class CellShown:
    name: str
    label: str
    kind: str
    text: str
    on: bool
    error: str


@dataclass(frozen=True, slots=True)
class RowShown:
    sku_id: UUID
    label: str
    cells: Sequence[CellShown]


def written(name: str, value: Any) -> str:
    """A value as it is typed."""
    if name in ("price_fen", "compare_at_fen"):
        return "" if value is None else yuan_plain(value)
    if name == "weight_g":
        return kilos(value)
    if name == "saleable":
        return "1" if value else ""
    return str(value)


def read_cell(name: str, typed: str) -> Any:
    """The value of a typed text. Raises CannotRead."""
    if name == "saleable":
        return typed == "1"
    if name in ("code", "barcode"):
        return typed
    if name in ("price_fen", "compare_at_fen"):
        return _fen(name, typed)
    if name == "weight_g":
        return _grams(typed)
    plain = typed.replace(",", "") or "0"
    if not DIGITS.fullmatch(plain):
        raise CannotRead(_("A whole number"))
    return int(plain)


def _fen(name: str, typed: str) -> int | None:
    plain = typed.strip("¥￥ ").replace(",", "")
    if not plain and name == "compare_at_fen":
        return None
    try:
        return int(parse_yuan(plain))
    except BadMoney:
        raise CannotRead(_("An amount such as 128.00")) from None


def _grams(typed: str) -> int:
    found = KILO.fullmatch(typed or "0")
    if found is None:
        raise CannotRead(_("Kilograms such as 1.5"))
    return int(found.group(1)) * 1000 + int((found.group(2) or "").ljust(3, "0"))


def stood(lines: Iterable[SkuLine]) -> dict[UUID, dict[str, Any]]:
    """What stands in all cells now."""
    return {line.sku.id: standing(line.sku, line.on_hand) for line in lines}


def typed_in(posted: QueryDict, skus: Iterable[UUID]) -> Typed:
    """The texts of all cells of these SKUs; rows that the form did not have are left out."""
    return {
        id: {name: text(posted, f"{name}.{id}", 130) for name in FIELDS}
        for id in skus
        if f"price_fen.{id}" in posted
    }


def read_was(posted: QueryDict) -> dict[UUID, dict[str, Any]]:
    """What stood there when the form was made; nothing where that cannot be read."""
    try:
        found = json.loads(str(posted.get("was", ""))[:WAS_MAX])
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        id: dict(zip(FIELDS, values, strict=False))
        for key, values in found.items()
        if (id := identifier(key)) and isinstance(values, list)
    }


def write_was(values: Mapping[UUID, Mapping[str, Any]]) -> str:
    return json.dumps({str(id): [each.get(name) for name in FIELDS] for id, each in values.items()})


def read_edits(
    typed: Typed, was: Mapping[UUID, Mapping[str, Any]]
) -> tuple[list[SkuEdit], dict[tuple[UUID, str], str]]:
    """What shall be, and the texts that are no values, by cell."""
    edits, wrong = [], {}
    for id, cells in typed.items():
        to = {}
        for name, typed_text in cells.items():
            try:
                to[name] = read_cell(name, typed_text)
            except CannotRead as error:
                wrong[id, name] = str(error)
        edits.append(SkuEdit(id, to, was.get(id, {})))
    return edits, wrong


def fill(typed: Typed, posted: QueryDict, lines: Sequence[SkuLine]) -> int:
    """Put what stands in the row for filling into the cells of the SKUs that it is for; how many cells."""
    place, __, value = text(posted, "fill.where", 100).partition(":")
    mine = [
        line.sku.id
        for line in lines
        if not place
        or (place.isdigit() and list(line.sku.option_values)[int(place) : int(place) + 1] == [value])
    ]
    filled = {name: text(posted, f"fill.{name}", 130) for name in ORDER if text(posted, f"fill.{name}", 130)}
    for id in mine:
        for name, wanted in filled.items():
            if id in typed:
                typed[id][name] = {"yes": "1", "no": ""}.get(wanted, wanted) if name == "saleable" else wanted
    return len(mine) * len(filled)


def told(cells: Iterable[Mapping[str, Any]]) -> dict[tuple[UUID, str], str]:
    """Refused cells in words, by cell."""
    found = {}
    for cell in cells:
        words = why(cell["code"])
        if cell["code"] == "changed_since":
            words = _("Somebody made it %(now)s") % {"now": written(cell["field"], cell["now"]) or "—"}
        if cell["code"] == "below_promised":
            words = _("%(units)d are promised") % {"units": cell["promised"]}
        found[UUID(cell["sku_id"]), cell["field"]] = words
    return found


def rows_shown(
    lines: Sequence[SkuLine], typed: Typed, wrong: Mapping[tuple[UUID, str], str], title: str
) -> list[RowShown]:
    return [
        RowShown(
            line.sku.id,
            line.name or title,
            [_cell(line, name, typed[line.sku.id].get(name, ""), wrong) for name in ORDER],
        )
        for line in lines
        if line.sku.id in typed
    ]


def _cell(line: SkuLine, name: str, shown: str, wrong: Mapping[tuple[UUID, str], str]) -> CellShown:
    kind = "check" if name == "saleable" else "number" if name in NUMBERS else "text"
    error = wrong.get((line.sku.id, name), "")
    return CellShown(f"{name}.{line.sku.id}", str(LABELS[name]), kind, shown, shown == "1", error)
