"""Paging by key: a page is as fast at the hundred-thousandth row as at the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

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


def slice_of(rows: QuerySet[M], place: Place, *, time: str = "", size: int = SIZE) -> Slice[M]:
    """One page of `rows`, by `id` (which grows with time), or by the column `time` and then `id`.

    A place whose row is gone or foreign is the first page.
    """
    keys = [time, "id"] if time else ["id"]
    at = place.before or place.after
    edge = rows.model._base_manager.filter(pk=at).values_list(*keys).first() if at else None
    if edge is None:
        found = list(rows.order_by(*(f"-{key}" for key in keys))[: size + 1])
        return Slice(found[:size], False, len(found) > size)
    up = place.before is None
    beyond = rows.filter(_beyond(keys, edge, "gt" if up else "lt"))
    found = list(beyond.order_by(*(key if up else f"-{key}" for key in keys))[: size + 1])
    more, page = len(found) > size, found[:size]
    if up:
        return Slice(page[::-1], more, True)
    return Slice(page, True, more)


def _beyond(keys: list[str], edge: Sequence[object], way: str) -> Q:
    if len(keys) == 1:
        return Q(**{f"id__{way}": edge[0]})
    time, (at, id) = keys[0], edge
    # The first condition is implied by the second; it is what an index on `time` can use.
    return Q(**{f"{time}__{way}e": at}) & (Q(**{f"{time}__{way}": at}) | Q(**{f"id__{way}": id}))
