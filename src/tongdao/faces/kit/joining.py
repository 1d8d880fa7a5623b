"""Names in a row, as the reader's language parts them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def joined(names: Iterable[str]) -> str:
    """("a", "b") to "a, b", and in Chinese to "a、b"."""
    return pgettext("between names", ", ").join(names)
