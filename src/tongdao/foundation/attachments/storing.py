"""Files that people send along: read by content, stripped to picture and sound, kept under a private root.

Between a file's coming or going and the commit that decides about its row, an empty file in OPEN bears its
name. So kill -9 leaves nothing that nobody knows of: sweep_attachments looks at what was left open.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.conf import settings

from tongdao.foundation import clock
from tongdao.foundation.attachments.editing import BadVideo
from tongdao.foundation.attachments.kinds import (
    ENDINGS,
    HEAD,
    MEGABYTE,
    MOST,
    PICTURE,
    PICTURE_BYTES,
    VIDEO_BYTES,
    WEBM,
    kind_of,
)
from tongdao.foundation.attachments.mp4 import clean_mp4
from tongdao.foundation.attachments.refusals import (
    FileDamaged,
    FileUnusable,
    PictureTooLarge,
    TooManyFiles,
    VideoTooLarge,
)
from tongdao.foundation.attachments.webm import clean_webm
from tongdao.foundation.events.reading import connection_lost
from tongdao.foundation.ids import token
from tongdao.foundation.images import BadImage, redraw_image
from tongdao.foundation.tenancy import assert_outside_scope

EDGE = 2_560  # pixels: what is written on a label or a waybill stays readable
OPEN = "open"  # the directory of names whose fate is not decided
ROOM = re.compile(r"[a-z][a-z_]{1,30}")


class Readable(Protocol):
    """A file that somebody sent, read from its start."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept. `file` is a path below PRIVATE_ROOT; `type` and `sha256` (hex) are of what is
    kept, not of what was sent; pixels are 0 for videos.
    """

    file: str
    type: str
    bytes: int
    width: int
    height: int
    sha256: str

    def columns(self, position: int) -> dict[str, Any]:
        """Of an AttachmentRow; `position` counts from 1."""
        names = ("file", "type", "bytes", "width", "height", "sha256")
        return {"position": position} | {name: getattr(self, name) for name in names}


@contextmanager
def stored_attachments(
    merchant_id: UUID, room: str, sent: Sequence[Readable], *, most: int = MOST
) -> Iterator[list[Kept]]:
    """The files on disk for the length of the block, in the order of `sent`; they stay if it ends well.

    Open the scope inside: reading and drawing take their time. The block ends with the commit of the rows;
    where it fails the files go. Raises TooManyFiles, FileUnusable, FileDamaged, PictureTooLarge or
    VideoTooLarge.
    """
    assert_outside_scope()
    if len(sent) > most:
        raise TooManyFiles(most=most)
    names: list[str] = []
    try:
        yield [_keep(merchant_id, room, number, file, names) for number, file in enumerate(sent, 1)]
    except BaseException as error:
        if not connection_lost(error):  # else only the database knows of the commit: the sweep asks it
            discard(names)
        raise
    close(names)


def path_of(file: str) -> Path:
    """Of a row's file, on this machine."""
    return Path(settings.PRIVATE_ROOT) / file


def private_folder(folder: Path | None = None) -> Path:
    """The root, or one below it; made where it is not there, for nobody else's eyes."""
    root = Path(settings.PRIVATE_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder is None:
        return root
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def open_mark(file: str) -> Path:
    """The empty file that says that it is not decided whether `file` stays."""
    return path_of(OPEN) / file.replace("/", ".", 2)


def leave_open(files: Iterable[str]) -> None:
    """The marks bear the time of our own clock, which may be moved."""
    at = clock.now().timestamp()
    for file in files:
        mark = open_mark(file)
        private_folder(mark.parent)
        mark.touch(mode=0o600)
        os.utime(mark, (at, at))


def close(files: Iterable[str]) -> None:
    for file in files:
        open_mark(file).unlink(missing_ok=True)


def discard(files: Iterable[str]) -> None:
    """Take files off the disk; those that are gone already are no error."""
    for file in files:
        path_of(file).unlink(missing_ok=True)
        open_mark(file).unlink(missing_ok=True)


def _keep(merchant_id: UUID, room: str, number: int, sent: Readable, names: list[str]) -> Kept:
    """`names` learns of a file before it is there."""
    head = sent.read(HEAD)
    media = kind_of(head)
    if media is None:
        raise FileUnusable(number=number)
    try:
        if media == PICTURE:
            drawn, info = redraw_image(head + sent.read(PICTURE_BYTES + 1 - len(head)), EDGE)
            name = _new_name(merchant_id, room, media, names)
            with _written(name) as file:
                file.write(drawn)
            return Kept(name, media, len(drawn), info.width, info.height, hashlib.sha256(drawn).hexdigest())
        name = _new_name(merchant_id, room, media, names)
        with _written(name) as file:
            if not _copied(head, sent, file):
                raise VideoTooLarge(number=number, limit_mb=VIDEO_BYTES // MEGABYTE)
            return Kept(name, media, file.tell(), 0, 0, _cleaned(file, media))
    except BadImage as error:
        if error.code == "unreadable":
            raise FileDamaged(number=number) from error
        raise PictureTooLarge(number=number, limit_mb=PICTURE_BYTES // MEGABYTE) from error
    except BadVideo as error:
        raise (FileUnusable if error.problem == "kind" else FileDamaged)(number=number) from error


def _new_name(merchant_id: UUID, room: str, media: str, names: list[str]) -> str:
    if not ROOM.fullmatch(room):
        raise ValueError(f"{room!r} is no room")
    name = f"{merchant_id}/{room}/{token(24)}.{ENDINGS[media]}"
    names.append(name)
    leave_open([name])
    return name


@contextmanager
def _written(name: str) -> Iterator[BinaryIO]:
    """A new file for nobody else's eyes, on the disk when the block ends."""
    path = path_of(name)
    private_folder(path.parent)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _copied(head: bytes, sent: Readable, file: BinaryIO) -> bool:
    """Whether it was all there is; False, and no more is read, once it is too long."""
    file.write(head)
    while piece := sent.read(MEGABYTE):
        file.write(piece)
        if file.tell() > VIDEO_BYTES:
            return False
    file.flush()
    return True


def _cleaned(file: BinaryIO, media: str) -> str:
    """Strip the video where it lies; the SHA-256 of what is left. Raises BadVideo."""
    with mmap.mmap(file.fileno(), 0) as data:
        (clean_webm if media == WEBM else clean_mp4)(data)
        digest = hashlib.sha256(data).hexdigest()
        data.flush()
    return digest
