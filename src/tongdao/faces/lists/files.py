"""Where files of exports are: below the data directory, readable for us only."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def place_of(file: str) -> Path:
    """`file` is a path below the data directory; its folder is made."""
    path: Path = settings.TONGDAO_DATA / file
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def drop_file(file: str) -> None:
    """Twice is no error."""
    (settings.TONGDAO_DATA / file).unlink(missing_ok=True)
