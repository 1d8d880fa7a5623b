"""Reading what comes with a request: bounded, never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_PAGES = 500


def text(data: Mapping[str, object], name: str, limit: int = 200) -> str:
    return CONTROL.sub("", str(data.get(name, ""))[:limit]).strip()


def identifier(value: object) -> UUID | None:
    """An id that came back from one of our own pages, or None."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def page_number(data: Mapping[str, object]) -> int:
    """Counted from 1; what is no such number is 1."""
    typed = text(data, "page", 4)
    return min(max(int(typed), 1), MOST_PAGES) if typed.isascii() and typed.isdigit() else 1
