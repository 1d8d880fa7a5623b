"""Where a picture can be fetched."""

from __future__ import annotations

from django.conf import settings


def picture_url(file: str) -> str | None:
    """The address of a stored picture (a path below MEDIA_ROOT); None where there is none."""
    return f"{settings.BASE_URL}{settings.MEDIA_URL}{file}" if file else None
