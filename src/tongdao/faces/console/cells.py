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
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.lists.reading import Item
from tongdao.faces.lists.shapes import Column, Link, ListSpec

CUT = 120  # characters of a text in a row
NIL = UUID(int=0)
Extra = Callable[[Any], Mapping[str, str]]
"""For a row: safe HTML below the cells of some columns, by column key."""
NUMBERS = ("money", "num", "share")


class Addresses:
    """Pages that rows lead to; each is looked up once and then filled in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.known: dict[str, str] = {}

    def of(self, link: Link | None) -> str:
        """Empty where there is none, or where the desk may not go."""
        if link is None or (link.need is not None and not self.desk.may(link.need)):
            return ""
        if link.page not in self.known:
            self.known[link.page] = self.desk.url(link.page, **dict.fromkeys(link.parts, NIL))
        address = self.known[link.page]
        for part in link.parts.values():
            address = address.replace(str(NIL), str(part), 1)
        return address


def table_html(
    desk: Desk, spec: ListSpec, columns: Sequence[Column], items: Sequence[Item], extra: Extra | None = None
) -> SafeString:
    """The whole table."""
    addresses = Addresses(desk)
    head = "".join(_head(column) for column in columns)
    opened = [_opening(place, column) for place, column in enumerate(columns)]
    rows = "".join(_row(columns, opened, item, addresses, extra) for item in items)
    label = escape(spec.title)
    table = f'<table class="table" aria-label="{label}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
    return SafeString(f'<div class="wide">{table}</table></div>')  # what people wrote is escaped below


def _head(column: Column) -> str:
    num = ' class="num"' if column.kind in NUMBERS else ""
    return f'<th scope="col"{num}>{escape(column.label)}</th>'


def escape(text: object) -> str:
    """As django.utils.html.escape, whose wrappers for lazy texts take longer than the text does."""
    return html.escape(str(text))


def _opening(place: int, column: Column) -> str:
    """The tag of a column's cells: its label is looked up in the language once, not for each row."""
    if place == 0:
        return '<th scope="row">'
    num = ' class="num"' if column.kind in NUMBERS else ""
    return f'<td data-label="{escape(column.label)}"{num}>'


def _row(
    columns: Sequence[Column], opened: Sequence[str], item: Item, addresses: Addresses, extra: Extra | None
) -> str:
    more = extra(item.row) if extra else {}
    cells = [
        f"{tag}{cell_html(column, item, addresses)}{more.get(column.key, '')}{'</td>' if place else '</th>'}"
        for place, (tag, column) in enumerate(zip(opened, columns, strict=True))
    ]
    return f"<tr>{''.join(cells)}</tr>"


def cell_html(column: Column, item: Item, addresses: Addresses) -> str:
    """One value, escaped, in the dress of its kind; a dash where there is nothing."""
    value = item.value(column)
    if column.mask and value:
        value = column.mask(str(value))
    found = item.found.get(column.part)
    picture = column.picture(item.row, found) if column.picture else ""
    url = addresses.of(column.link(item.row, found)) if column.link else ""
    inner = _picture(picture) + _inner(column, value)
    return f'<a href="{escape(url)}">{inner}</a>' if url else f"<span>{inner}</span>"


def _picture(file: str) -> str:
    if not file:
        return ""
    return f'<img src="{escape(picture_url(file))}" alt="" width="40" height="40" loading="lazy"> '


def _inner(column: Column, value: Any) -> str:
    if value is None or value == "" or value == []:
        return '<span class="muted">—</span>'
    if column.none and value <= 0:
        return f'<span class="tag tag-error">{escape(column.none)}</span>'
    made = KINDS.get(column.kind)
    return made(column, value) if made else escape(_cut(str(value)))


def _tag(column: Column, value: str) -> str:
    words, tone = column.words.get(value, (value, ""))
    return f'<span class="tag{f" tag-{tone}" if tone else ""}">{escape(words)}</span>'


def _time(column: Column, value: datetime) -> str:
    full = localtime(value).isoformat()
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
    "money": lambda column, value: f"¥{yuan(value)}",
    "muted": lambda column, value: f'<span class="muted">{escape(_cut(str(value)))}</span>',
    "tag": _tag,
    "time": _time,
    "stars": _stars,
    "share": _share,
    "lines": _lines,
}
