"""Pictures that buyers send: drawn anew, so that nothing but pixels is kept, and stored under random names.

Random, not by content: the same picture in two reviews is two files, and taking one down leaves the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

from tongdao.foundation.ids import token
from tongdao.foundation.images import BYTES_MAX, BadImage, ImageInfo, redraw_image
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.trade.reviews.models import MOST_PICTURES
from tongdao.trade.reviews.refusals import PictureUnusable, TooManyPictures

EDGE = 1_280  # pixels: enough for a screen held in the hand


class Readable(Protocol):
    """A file that somebody sent."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture below MEDIA_ROOT; sizes in pixels."""

    file: str
    width: int
    height: int


@contextmanager
def stored_pictures(merchant_id: UUID, sent: Sequence[Readable]) -> Iterator[list[Stored]]:
    """The pictures on disk for the length of the block; they stay if it ends well.

    Open the scope inside: drawing takes its time. Raises TooManyPictures or PictureUnusable.
    """
    assert_outside_scope()
    if len(sent) > MOST_PICTURES:
        raise TooManyPictures()
    drawn = [_draw(number, file) for number, file in enumerate(sent, 1)]
    stored = [_store(merchant_id, pixels, info) for pixels, info in drawn]
    try:
        yield stored
    except BaseException:
        discard(picture.file for picture in stored)
        raise


def discard(files: Iterator[str] | Sequence[str]) -> None:
    """Take pictures off the disk; those that are gone already are no error."""
    for file in files:
        if file:
            (Path(settings.MEDIA_ROOT) / file).unlink(missing_ok=True)


def _draw(number: int, file: Readable) -> tuple[bytes, ImageInfo]:
    try:
        return redraw_image(file.read(BYTES_MAX + 1), EDGE)
    except BadImage as error:
        raise PictureUnusable(number=number, problem=error.code) from error


def _store(merchant_id: UUID, pixels: bytes, info: ImageInfo) -> Stored:
    name = f"{merchant_id}/reviews/{token(24)}.webp"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pixels)
    return Stored(name, info.width, info.height)
