"""Rows of a list as HTML: through template includes fifty rows cost several times what their SQL does.

The markup is that of kit/table.html and kit/cell.html; tests/faces/console/test_listing.py compares the two.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.kit.money_text import amount
from tongdao.faces.lists.reading import Item
from tongdao.faces.lists.shapes import Column, Link, ListSpec
from tongdao.party.merchants.permissions import Permission

CUT = 120  # characters of a text in a row
NIL = UUID(int=0)
Extra = Callable[[Any], Mapping[str, str]]
"""For a row: safe HTML below the cells of some columns, by column key."""
NUMBERS = ("money", "num", "share")


class Drawn:
    """What many rows of a table share and is therefore made once."""

    def __init__(self, may: Callable[[Permission], bool], url: Callable[..., str]) -> None:
        self.may, self.url = may, url
        self.known: dict[str, str] = {}
        self.tags: dict[tuple[str, str], str] = {}

    def tag(self, column: Column, code: str) -> str:
        """The word for a state, whose look-up in the language takes longer than all else in its cell."""
        if (column.key, code) not in self.tags:
            self.tags[column.key, code] = _tag(column, code)
        return self.tags[column.key, code]

    def address(self, link: Link | None) -> str:
        """Of the page that a row leads to; empty where there is none, or where the desk may not go."""
        if link is None or (link.need is not None and not self.may(link.need)):
            return ""
        if link.page not in self.known:
            self.known[link.page] = self.url(link.page, **dict.fromkeys(link.parts, NIL))
        address = self.known[link.page]
        for part in link.parts.values():
            address = address.replace(str(NIL), str(part), 1)
        return address


def table_html(
    desk: Desk, spec: ListSpec, columns: Sequence[Column], items: Sequence[Item], extra: Extra | None = None
) -> SafeString:
    """The whole table."""
    drawn = Drawn(desk.may, desk.url)
    labels = [escape(column.label) for column in columns]
    head = "".join(map(_head, columns, labels))
    opened = [_opening(*each) for each in zip(range(len(columns)), columns, labels, strict=True)]
    rows = "".join(_row(columns, opened, item, drawn, extra) for item in items)
    label = escape(spec.title)
    table = f'<table class="table" aria-label="{label}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
    return SafeString(f'<div class="wide">{table}</table></div>')  # what people wrote is escaped below


def _head(column: Column, label: str) -> str:
    num = ' class="num"' if column.kind in NUMBERS else ""
    return f'<th scope="col"{num}>{label}</th>'


def escape(text: object) -> str:
    """As django.utils.html.escape, whose wrappers for lazy texts take longer than the text does."""
    return html.escape(str(text))


def _opening(place: int, column: Column, label: str) -> str:
    """The tag of a column's cells."""
    if place == 0:
        return '<th scope="row">'
    num = ' class="num"' if column.kind in NUMBERS else ""
    return f'<td data-label="{label}"{num}>'


def _row(
    columns: Sequence[Column], opened: Sequence[str], item: Item, drawn: Drawn, extra: Extra | None
) -> str:
    more = extra(item.row) if extra else {}
    cells = [
        f"{tag}{cell_html(column, item, drawn)}{more.get(column.key, '')}{'</td>' if place else '</th>'}"
        for place, (tag, column) in enumerate(zip(opened, columns, strict=True))
    ]
    return f"<tr>{''.join(cells)}</tr>"


def cell_html(column: Column, item: Item, drawn: Drawn) -> str:
    """One value, escaped, in the dress of its kind; a dash where there is nothing."""
    value = item.value(column)
    if column.mask and value:
        value = column.mask(str(value))
    inner = _inner(column, value, drawn)
    if column.link is None and column.picture is None:  # most of them
        return f"<span>{inner}</span>"
    found = item.found.get(column.part)
    if column.picture:
        inner = _picture(column.picture(item.row, found)) + inner
    url = drawn.address(column.link(item.row, found)) if column.link else ""
    return f'<a href="{escape(url)}">{inner}</a>' if url else f"<span>{inner}</span>"


def _picture(file: str) -> str:
    if not file:
        return ""
    return f'<img src="{escape(picture_url(file))}" alt="" width="40" height="40" loading="lazy"> '


def _inner(column: Column, value: Any, drawn: Drawn) -> str:
    if value is None or value == "" or value == []:
        return '<span class="muted">—</span>'
    if column.none and value <= 0:
        return f'<span class="tag tag-error">{escape(column.none)}</span>'
    if column.kind == "tag":
        return drawn.tag(column, value)
    made = KINDS.get(column.kind)
    return made(column, value) if made else escape(_cut(str(value)))


def _tag(column: Column, value: str) -> str:
    words, tone = column.words.get(value, (value, ""))
    return f'<span class="tag{f" tag-{tone}" if tone else ""}">{escape(words)}</span>'


def _time(column: Column, value: datetime) -> str:
    full = value.astimezone(get_current_timezone()).isoformat()
    return f'<time datetime="{full}">{full[:10]} {full[11:16]}</time>'


def _stars(column: Column, value: int) -> str:
    label = ngettext("%(count)d star", "%(count)d stars", value) % {"count": value}
    stars = f"{'★' * value}<i>{'★' * (5 - value)}</i>"
    return f'<span class="rating" role="img" aria-label="{escape(label)}">{stars}</span>'


def _share(column: Column, value: tuple[int, int | None]) -> str:
    of, whole = value
    if whole is None:
        return str(of)
    bar = f'<progress value="{of}" max="{whole}" aria-hidden="true"></progress>'
    return f'<span class="used">{of} / {whole}{bar}</span>'


def _lines(column: Column, value: Sequence[str]) -> str:
    return "".join(f'<span class="change">{escape(_cut(line))}</span>' for line in value)


def _cut(text: str) -> str:
    return text if len(text) <= CUT else _("%(text)s…") % {"text": text[:CUT]}


KINDS: Mapping[str, Callable[[Column, Any], str]] = {
    "money": lambda column, value: amount(value),
    "muted": lambda column, value: f'<span class="muted">{escape(_cut(str(value)))}</span>',
    "time": _time,
    "stars": _stars,
    "share": _share,
    "lines": _lines,
}
