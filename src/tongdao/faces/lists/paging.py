"""Paging by key: a page is as fast at the hundred-thousandth row as at the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from tongdao.foundation.prepared import row_of

M = TypeVar("M", bound=Model)
SIZE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Older than the row `before`, or newer than the row `after`; the newest where both are None."""

    before: UUID | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[M]):
    """Rows, the newest first. `newer` and `older` say whether there are more in that direction."""

    rows: Sequence[M]
    newer: bool
    older: bool


def slice_of(
    rows: QuerySet[M],
    place: Place,
    *,
    time: str = "",
    size: int = SIZE,
    up: bool = False,
    branches: Sequence[Q] = (Q(),),
    inside: bool = False,
) -> Slice[M]:
    """One page of `rows`, by `id` (which grows with time), or by the column `time` and then `id`.

    `up`: the oldest first, and "newer" is what stands before it. `branches`: parts of the rows that an index
    serves each; they are read apart and merged. `inside`: see ListSpec. A place whose row is gone or foreign
    is the first page.
    """
    keys = [time, "id"] if time else ["id"]
    at = place.before or place.after
    among = rows if inside else rows.model._base_manager.all()
    edge = among.filter(pk=at).values_list(*keys).first() if at else None
    if edge is None:
        found = _read(rows, branches, keys, up, size)
        return Slice(found[:size], False, len(found) > size)
    back = place.before is None
    beyond = rows.filter(_beyond(keys, edge, "gt" if back != up else "lt"))
    found = _read(beyond, branches, keys, back != up, size)
    more, page = len(found) > size, found[:size]
    return Slice(page[::-1], more, True) if back else Slice(page, True, more)


@dataclass(frozen=True, slots=True)
class Part(Generic[M]):
    """Rows that stand together in a list, by the column `time` and then `id`."""

    rows: QuerySet[M]
    time: str
    up: bool = False

    @property
    def order(self) -> tuple[str, str]:
        sign = "" if self.up else "-"
        return f"{sign}{self.time}", f"{sign}id"

    def beyond(self, at: UUID | None, back: bool, most: int) -> list[M]:
        """So many of them behind the row `at`, or before it, the nearest first; from the end without one."""
        up, keys, rows = self.up != back, [self.time, "id"], self.rows
        edge = rows.filter(pk=at).values_list(*keys).first() if at else None
        if edge is not None:
            rows = rows.filter(_beyond(keys, edge, "gt" if up else "lt"))
        return _read(rows, (Q(),), keys, up, most - 1)


def slice_of_parts(parts: Sequence[Part[M]], place: Place, *, size: int = SIZE) -> Slice[M]:
    """One page of `parts`, one after the other. A place whose row is gone or foreign is the first page."""
    at, back = place.before or place.after, place.before is None
    here = next((i for i, part in enumerate(parts) if at and part.rows.filter(pk=at).exists()), None)
    if here is None:
        at, back, here = None, False, 0
    found: list[M] = []
    for index in range(here, -1, -1) if back else range(here, len(parts)):
        found += parts[index].beyond(at if index == here else None, back, size + 1 - len(found))
        if len(found) > size:
            break
    more, page = len(found) > size, found[:size]
    return Slice(page[::-1], more, True) if back else Slice(page, at is not None, more)


def _read(rows: QuerySet[M], branches: Sequence[Q], keys: list[str], up: bool, size: int) -> list[M]:
    order = [key if up else f"-{key}" for key in keys]
    if len(branches) == 1:
        return _rows(rows.filter(branches[0]).order_by(*order)[: size + 1])
    parts = [rows.filter(branch).order_by(*order).values_list(*keys)[: size + 1] for branch in branches]
    known: Sequence[tuple[Any, ...]] = list(parts[0].union(*parts[1:], all=True))
    ids = [row[-1] for row in sorted(known, reverse=not up)[: size + 1]]
    there = rows.model._base_manager.in_bulk(ids)
    return [there[id] for id in ids]


def _rows(found: QuerySet[M]) -> list[M]:
    """Plain rows without what the ORM does for each of them; others as they are."""
    asked = found.query
    if asked.select_related or asked.annotations or asked.extra or found._prefetch_related_lookups:  # type: ignore[attr-defined]  # no public name
        return list(found)
    names = [field.attname for field in found.model._meta.concrete_fields]
    return [row_of(found.model, names, values) for values in found.values_list(*names)]


def _beyond(keys: list[str], edge: Sequence[object], way: str) -> Q:
    if len(keys) == 1:
        return Q(**{f"id__{way}": edge[0]})
    time, (at, id) = keys[0], edge
    # The first condition is implied by the second; it is what an index on `time` can use.
    return Q(**{f"{time}__{way}e": at}) & (Q(**{f"{time}__{way}": at}) | Q(**{f"id__{way}": id}))
