"""Addresses of stored pictures."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static


def picture_url(path: str) -> str:
    """Below MEDIA_ROOT; a path that starts with `static/` is one of our own drawings. Empty stays empty."""
    if not path:
        return ""
    if path.startswith("static/"):
        return static(path.removeprefix("static/"))
    return settings.MEDIA_URL + quote(path.removeprefix("media/"))
