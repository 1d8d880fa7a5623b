"""What a page is made of: facts, tables, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["", "success", "info", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says now; `note` is why or since when."""

    label: Any
    value: Any
    tone: Tone = ""
    note: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as unfold's component takes it."""

    title: Any
    headers: Sequence[Any]
    rows: Sequence[Sequence[Any]]

    @property
    def table(self) -> dict[str, Any]:
        return {"headers": [str(each) for each in self.headers], "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Way:
    """A link to what can be done, or to where more stands."""

    url: str
    label: Any
    icon: str = ""
    danger: bool = False
    acts: bool = True  # only for who may act


@dataclass(frozen=True, slots=True)
class Record:
    """One thing's own page."""

    title: Any
    facts: Sequence[Fact]
    grids: Sequence[Grid] = ()
    ways: Sequence[Way] = ()
    lead: Any = ""
    texts: Sequence[tuple[Any, str]] = field(default_factory=tuple)


def act_way(name: str, label: Any, *args: object, icon: str = "", danger: bool = False) -> Way:
    return Way(reverse(f"operator:{name}", args=args), label, icon, danger)


def link(url: str, text: Any) -> SafeString:
    return format_html('<a class="op-link" href="{}">{}</a>', url, text)
