"""What a list is made of. Each list is data (nouns/); what shows, filters and exports it is written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from tongdao.faces.kit.shapes import Tone
from tongdao.faces.lists.filters import Filter
from tongdao.foundation.reading import Asking
from tongdao.party.merchants.permissions import Permission

Words = Mapping[str, tuple[Promise, Tone]]
Kind = Literal["text", "muted", "money", "num", "tag", "time", "lines", "stars", "share"]
Wanted = Mapping[str, str]
Rows = QuerySet[Any]
Found = Mapping[UUID, Any]
Part = Callable[[Sequence[Any]], Found | Asking[Found]]
"""By the rows' ids what it knows of them, found at once or asked side by side with the other parts."""


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the console by its name, with the part of its address that differs from row to row.

    `need`: what one must hold to go there, where it is not what the list itself needs.
    """

    page: str
    parts: Mapping[str, UUID] = field(default_factory=dict)
    need: Permission | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`value(row, found)`: what stands in it, where `found` is what `part` knows of the row, or None.

    Money is whole fen; a tag is a code of `words`; lines are a list of texts; a share is (of, all or None).
    `mask`: shown so, and in full only in a file, to who may (permission "lists.unmask"), which is on record.
    `picture` gives a path below MEDIA_ROOT. `none`: what a number that is not above zero means, told as an
    error.
    """

    key: str
    label: Promise
    value: Callable[[Any, Any], object]
    kind: Kind = "text"
    part: str = ""
    words: Words = field(default_factory=dict)
    shown: bool = True
    mask: Callable[[str], str] | None = None
    link: Callable[[Any, Any], Link | None] | None = None
    picture: Callable[[Any, Any], str] | None = None
    none: Promise | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """By an index on `column` and the id; by the id alone (as rows were made) where it is empty.

    `first`: what stands before the rest, few rows by `column`. The rest goes by `rest`, the newest first. The
    two are read one after the other, since no index serves both.
    """

    key: str
    label: Promise
    column: str = ""
    up: bool = False
    only: Q = field(default_factory=Q)
    first: Callable[[], Q] | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """In which order a list is read: by `column`, in `branches` that one index serves each, merged."""

    column: str = ""
    branches: Sequence[Q] = (Q(),)


@dataclass(frozen=True, slots=True)
class ListSpec:
    """`parts`: what columns need beyond the row itself, read for all rows of a page at once.

    `rows`: all there is to list. `tabs`: the filter that stands above the list as tabs. `walk`: where the
    order depends on what is asked for. The first sort is the usual one. `inside`: the table has no key that
    finds one row; the place of a page is looked for among the wanted rows.
    """

    noun: str
    title: Promise
    need: Permission
    model: type[Model]
    rows: Callable[[], Rows]
    columns: Sequence[Column]
    filters: Sequence[Filter]
    sorts: Sequence[Sort]
    parts: Mapping[str, Part] = field(default_factory=dict)
    tabs: str = ""
    walk: Callable[[Wanted], Walk] | None = None
    inside: bool = False

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def chosen(self, keys: Sequence[str]) -> list[Column]:
        """These columns in the list's order, the first one always; the usual ones where none is named."""
        wanted = set(keys) or {column.key for column in self.columns if column.shown}
        return [column for column in self.columns if column.key in wanted or column is self.columns[0]]

    def sort(self, wanted: Wanted) -> Sort:
        """The one that is asked for, or the usual one."""
        key = wanted.get("sort", "")
        return next((sort for sort in self.sorts if sort.key == key), self.sorts[0])
