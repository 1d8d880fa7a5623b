"""Small helpers for the kit's tables, filters and pagers."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from tongdao.faces.console.reading.paging import Place
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import NavItem


def place_of(query: QueryDict) -> Place:
    """Where in a list the page begins."""
    return Place(identifier(text(query, "before", 36)), identifier(text(query, "after", 36)))


def pager(
    base: str, kept: dict[str, str], first: UUID | None, last: UUID | None, newer: bool, older: bool
) -> dict[str, str]:
    """The addresses of the neighbouring pages; empty at the ends."""
    return {
        "previous_url": address(base, kept | {"after": str(first)}) if newer and first else "",
        "next_url": address(base, kept | {"before": str(last)}) if older and last else "",
    }


def address(base: str, query: dict[str, str]) -> str:
    """`base` with what is not empty of `query`."""
    asked = {name: value for name, value in query.items() if value}
    return f"{base}?{urlencode(asked)}" if asked else base


def tabs(base: str, name: str, labels: dict[str, str], current: str, kept: dict[str, str]) -> list[NavItem]:
    """One tab for each value of a query parameter."""
    return [
        NavItem(address(base, kept | {name: value}), label, current=value == current)
        for value, label in labels.items()
    ]
