"""Rows with all that their columns need, read for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongdao.faces.lists.models import ListChoice, SavedFilter
from tongdao.faces.lists.shapes import Column, Found, ListSpec
from tongdao.foundation.reading import Asking, ask_for, either, gather, read
from tongdao.foundation.tenancy import current_merchant

_SEEN = "merchant_id = %s and noun = %s and (owner_id = %s or shared) order by name, id"  # keeping.visible_to
_CHOSEN = "merchant_id = %s and person_id = %s and noun = %s"


@dataclass(frozen=True, slots=True)
class Item:
    """A row. `found`: by part, what it knows of this row."""

    row: Any
    found: Mapping[str, Any]

    def value(self, column: Column) -> object:
        """In full; None where there is nothing."""
        return column.value(self.row, self.found.get(column.part))


def items_of(spec: ListSpec, rows: Sequence[Any], columns: Sequence[Column]) -> list[Item]:
    """Each part that one of the columns needs costs what its reading costs, however many rows there are."""
    needed = dict.fromkeys(column.part for column in columns if column.part)
    if not rows:
        return []
    found: list[Found] = read(gather(*(either(spec.parts[name](rows)) for name in needed)))
    parts = dict(zip(needed, found, strict=True))
    return [Item(row, {name: known.get(row.pk) for name, known in parts.items()}) for row in rows]


def kept_filters(spec: ListSpec, person_id: UUID) -> Asking[list[SavedFilter]]:
    """Those that the person may use, by name, its own first."""
    rows = yield from ask_for(SavedFilter, _SEEN, [current_merchant(), spec.noun, person_id])
    return sorted(rows, key=lambda row: row.owner_id != person_id)


def choice_of(spec: ListSpec, person_id: UUID) -> Asking[ListChoice]:
    """How the person wants the list; an unsaved row for who never said so."""
    rows = yield from ask_for(ListChoice, _CHOSEN, [current_merchant(), person_id, spec.noun])
    return rows[0] if rows else ListChoice(person_id=person_id, noun=spec.noun)
