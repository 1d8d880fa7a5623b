"""From what was typed to rows: the same words narrow a page, a saved filter, a file and an API answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tongdao.faces.lists.filters import CONTROL, LONGEST, Unreadable
from tongdao.faces.lists.paging import SIZE, Part, Place, Slice, slice_of, slice_of_parts
from tongdao.faces.lists.refusals import FilterUnreadable
from tongdao.faces.lists.shapes import ListSpec, Rows, Sort, Walk, Wanted


def params_of(spec: ListSpec) -> tuple[str, ...]:
    """All parameters that the list takes."""
    return (*(param for each in spec.filters for param in each.params), "sort")


def typed(spec: ListSpec, data: Mapping[str, Any]) -> dict[str, str]:
    """What of `data` the list knows, cleaned; empty texts are left out."""
    found = {
        param: CONTROL.sub("", str(data.get(param) or "")[:LONGEST]).strip() for param in params_of(spec)
    }
    return {param: text for param, text in found.items() if text}


def readable(spec: ListSpec, wanted: Wanted) -> tuple[Rows, dict[str, str]]:
    """The rows that are wanted, in no order, and by parameter why it cannot be read; nothing narrows then."""
    rows, wrong = spec.rows(), {}
    for each in spec.filters:
        try:
            rows = each.apply(rows, wanted)
        except Unreadable as error:
            wrong[error.param] = error.text
    only = spec.sort(wanted).only
    return (rows.filter(only) if only else rows), wrong


def narrowed(spec: ListSpec, wanted: Wanted) -> Rows:
    """The rows that are wanted, in no order. Raises FilterUnreadable."""
    rows, wrong = readable(spec, wanted)
    for param, why in wrong.items():
        raise FilterUnreadable(param=param, why=why)
    return rows


def page_of(
    spec: ListSpec, wanted: Wanted, place: Place, size: int = SIZE, rows: Rows | None = None
) -> Slice[Any]:
    """One page, of `rows` where `readable` has already found them. Raises FilterUnreadable."""
    sort, walk = spec.sort(wanted), _walk(spec, wanted)
    rows = narrowed(spec, wanted) if rows is None else rows
    if parts := _parts(sort, rows):
        return slice_of_parts(parts, place, size=size)
    how = {"time": walk.column, "up": sort.up, "branches": walk.branches, "inside": spec.inside}
    return slice_of(rows, place, size=size, **how)  # type: ignore[arg-type]  # its own keywords


def window(spec: ListSpec, wanted: Wanted, offset: int, limit: int) -> list[Any]:
    """So many rows in the list's order after `offset` others. Raises FilterUnreadable."""
    sort, rows = spec.sort(wanted), narrowed(spec, wanted)
    parts = _parts(sort, rows)
    if not parts:
        return list(ordered(spec, wanted)[offset : offset + limit])
    first, rest = (part.rows.order_by(*part.order) for part in parts)
    found = list(first[offset : offset + limit])
    if len(found) < limit:
        begin = max(0, offset - first.count())
        found += rest[begin : begin + limit - len(found)]
    return found


def _parts(sort: Sort, rows: Rows) -> tuple[Part[Any], ...]:
    """What stands first and the rest, where the sort tells them apart."""
    if sort.first is None:
        return ()
    first = sort.first()
    return Part(rows.filter(first), sort.column, sort.up), Part(rows.filter(~first), sort.rest)


def ordered(spec: ListSpec, wanted: Wanted) -> Rows:
    """All of them in the list's order, for who counts pages instead of keys. Raises FilterUnreadable."""
    sort, column = spec.sort(wanted), _walk(spec, wanted).column
    keys = [key for key in (column, "id") if key]
    return narrowed(spec, wanted).order_by(*(key if sort.up else f"-{key}" for key in keys))


def _walk(spec: ListSpec, wanted: Wanted) -> Walk:
    sort: Sort = spec.sort(wanted)
    return spec.walk(wanted) if spec.walk and not sort.column else Walk(sort.column)


def options(codes: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Codes with their words, for a Choice: `words` may be a text or a text with its tone."""
    return [(code, str(words[0] if isinstance(words, tuple) else words)) for code, words in codes.items()]
