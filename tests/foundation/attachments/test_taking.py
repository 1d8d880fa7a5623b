"""What people send: told by content, stripped, bounded, and gone again where the block fails."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import translation
from PIL import Image

from tests.foundation.attachments.making import FRAME, PLACE, WALK, box, movie, webm
from tests.foundation.test_images import huge_png, picture
from tongdao.foundation.attachments import (
    MOST,
    PICTURE_BYTES,
    VIDEO_BYTES,
    FileDamaged,
    FileUnusable,
    Kept,
    PictureTooLarge,
    TooManyFiles,
    VideoTooLarge,
    path_of,
    stored_attachments,
)
from tongdao.foundation.attachments.storing import open_mark
from tongdao.foundation.images import check_image
from tongdao.foundation.refusals import BadInput

pytestmark = pytest.mark.pure
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
GIF_JS = b"GIF89a/*" + bytes(40) + b"*/=1;alert(1)"


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def sent(content: bytes, name: str = "x", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def keep(*contents: bytes, merchant: UUID | None = None) -> list[Kept]:
    with stored_attachments(merchant or uuid4(), "aftersales", [sent(each) for each in contents]) as kept:
        return kept


def refused(content: bytes, name: str = "x.jpg", kind: str = "image/jpeg") -> BadInput:
    """As the second of two files: the refusal says which."""
    with (
        pytest.raises(BadInput) as caught,
        stored_attachments(uuid4(), "talk", [sent(picture("PNG")), sent(content, name, kind)]),
    ):
        raise AssertionError("nobody gets here")
    assert caught.value.details["number"] == 2
    return caught.value


def photo_with_place() -> bytes:
    """As a phone makes it: where, with what, and a small picture of its own in the metadata."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "SECRETPHONE", "15 Pro"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.4), 3: "E", 4: (121.0, 28.0, 25.3)})
    return picture("JPEG", exif=exif, comment=b"SECRETCOMMENT", icc_profile=b"SECRETPROFILE" * 20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_drawn_anew(kind: str, root: Path) -> None:
    merchant = uuid4()
    [kept] = keep(picture(kind), merchant=merchant)
    content = path_of(kept.file).read_bytes()
    assert (kept.type, kept.width, kept.height, kept.bytes) == ("image/webp", 60, 40, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert check_image(content).type == "image/webp"
    assert kept.file.startswith(f"{merchant}/aftersales/") and kept.file.endswith(".webp")
    assert files(root) == [path_of(kept.file)]


def test_where_a_picture_was_taken_is_gone() -> None:
    original = photo_with_place()
    with Image.open(io.BytesIO(original)) as image:
        assert image.getexif().get_ifd(0x8825)[2][0] == 31
    [kept] = keep(original)
    content = path_of(kept.file).read_bytes()
    assert b"SECRET" in original and b"SECRET" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif() and "icc_profile" not in image.info


@pytest.mark.parametrize(
    ("content", "media", "ending"),
    [
        (movie(), "video/mp4", "mp4"),
        (movie(brand=b"qt  "), "video/quicktime", "mov"),
        (webm(), "video/webm", "webm"),
    ],
)
def test_a_video_is_kept_without_where_it_was_made(content: bytes, media: str, ending: str) -> None:
    [kept] = keep(content)
    stored = path_of(kept.file).read_bytes()
    assert (kept.type, kept.width, kept.height, kept.bytes) == (media, 0, 0, len(stored))
    assert kept.file.endswith(f".{ending}") and kept.sha256 == hashlib.sha256(stored).hexdigest()
    assert PLACE in content and PLACE not in stored and WALK not in stored and FRAME in stored


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "empty.jpg", "image/jpeg"),
        (b"x", "short.mp4", "video/mp4"),
        (SVG, "drawing.svg", "image/svg+xml"),
        (SVG, "drawing.svg.png", "image/png"),
        (b"<html>" + SCRIPT, "page.jpg", "image/jpeg"),
        (b"<!--\xff\xd8\xff-->" + SCRIPT, "page.jpg.html", "text/html"),
        (b"%PDF-1.7\n" + SCRIPT, "paper.mp4", "video/mp4"),
        (b"PK\x03\x04" + bytes(40), "archive.webp", "image/webp"),
        (b"MZ" + bytes(60), "setup.mov.exe", "video/quicktime"),
        (b"#!/bin/sh\nexit\n", "clip.webm", "video/webm"),
        (picture("BMP"), "picture.png", "image/png"),
        (picture("TIFF"), "picture.jpg", "image/jpeg"),
        (b"RIFF\0\0\0\0AVI LIST", "clip.mp4", "video/mp4"),
        (b"\0\0\1\xba" + bytes(40), "clip.mpg", "video/mpeg"),
        (
            box(b"ftyp", b"heic", bytes(4), b"mif1") + box(b"meta") + box(b"mdat", b"x"),
            "IMG_1.jpg",
            "image/jpeg",
        ),
        (webm(doc=b"matroska"), "film.webm", "video/webm"),
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(
    content: bytes, name: str, kind: str, root: Path
) -> None:
    assert type(refused(content, name, kind)) is FileUnusable
    assert files(root) == []


@pytest.mark.parametrize(
    "content",
    [GIF_JS, picture("JPEG")[:200], picture("PNG")[:-40], movie()[:-5], movie()[:300], webm(told=True)[:-5]],
    ids=["gif and script", "jpeg", "png", "mp4", "mp4 head", "webm"],
)
def test_what_is_damaged_is_refused(content: bytes, root: Path) -> None:
    assert type(refused(content)) is FileDamaged
    assert files(root) == []


def test_a_picture_that_is_a_script_as_well_is_only_a_picture() -> None:
    polyglot = picture("GIF") + b"/*" + SCRIPT + b"*/alert(1)"
    [kept] = keep(polyglot)
    assert b"script" not in path_of(kept.file).read_bytes()


def test_a_name_is_nothing() -> None:
    """A picture is one under the worst of names, and its name is not kept."""
    with stored_attachments(
        uuid4(), "talk", [sent(picture("PNG"), "../../a.php.svg\0.html", "text/html")]
    ) as [one]:
        assert one.type == "image/webp" and "a.php" not in one.file


def test_a_pixel_bomb_is_refused_before_it_is_decoded(root: Path) -> None:
    tracemalloc.start()
    try:
        refusal = refused(huge_png(30_000, 30_000))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(refusal) is PictureTooLarge
    assert most < 30_000_000


def test_a_real_bomb_of_few_bytes_is_refused() -> None:
    """40,000 × 10,000 pixels of one colour, whole, in half a megabyte."""
    head = struct.pack(">IIBBBBB", 40_000, 10_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(5_001) * 10_000, 9)
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")):
        parts.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
    assert type(refused(b"".join(parts))) is PictureTooLarge


def test_too_large_a_picture_is_refused() -> None:
    assert type(refused(picture("PNG") + bytes(PICTURE_BYTES))) is PictureTooLarge


class Endless:
    """A file that never ends and counts what was read of it."""

    def __init__(self, head: bytes) -> None:
        self.head, self.read_bytes = head, 0

    def read(self, size: int, /) -> bytes:
        piece, self.head = self.head[:size], self.head[size:]
        self.read_bytes += size
        return piece + bytes(size - len(piece))


def test_too_long_a_video_is_read_no_further_and_never_held_in_memory(root: Path) -> None:
    film = Endless(box(b"ftyp", b"isom", bytes(4)))
    tracemalloc.start()
    try:
        with pytest.raises(VideoTooLarge), stored_attachments(uuid4(), "talk", [film]):
            raise AssertionError("nobody gets here")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert film.read_bytes <= VIDEO_BYTES + 2 * 1024 * 1024
    assert most < 10_000_000
    assert files(root) == []


def test_a_long_video_is_kept_without_being_held_in_memory() -> None:
    film = Endless(movie(mdat="open"))  # its last box fills nearly all that a video may have
    film_length = VIDEO_BYTES - 1000

    class Cut:
        left = film_length

        def read(self, size: int, /) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return film.read(size)

    tracemalloc.start()
    try:
        with stored_attachments(uuid4(), "talk", [Cut()]) as [kept]:
            assert kept.bytes == film_length == path_of(kept.file).stat().st_size
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


def test_more_than_a_message_takes_are_refused_unread() -> None:
    many = [Endless(b"") for _ in range(MOST + 1)]
    with pytest.raises(TooManyFiles) as caught, stored_attachments(uuid4(), "talk", many):
        raise AssertionError("nobody gets here")
    assert caught.value.details == {"most": MOST} and not any(one.read_bytes for one in many)
    with pytest.raises(TooManyFiles), stored_attachments(uuid4(), "talk", many[:4], most=3):
        raise AssertionError("nobody gets here")


def test_the_refusal_says_which_and_why_in_both_languages() -> None:
    refusal = refused(SVG)
    with translation.override("zh-hans"):
        assert refusal.message.startswith("第 2 个文件无法使用")
    with translation.override("en"):
        assert refusal.message.startswith("File 2 cannot be used")


def test_where_the_block_fails_the_files_go(root: Path) -> None:
    with (
        pytest.raises(RuntimeError),
        stored_attachments(uuid4(), "talk", [sent(picture("PNG")), sent(movie())]) as kept,
    ):
        assert all(path_of(each.file).exists() and open_mark(each.file).exists() for each in kept)
        raise RuntimeError
    assert files(root) == []


def test_where_only_the_database_knows_the_sweep_decides(root: Path) -> None:
    """The connection went away at the commit: the rows may be there."""
    with (
        pytest.raises(OperationalError),
        stored_attachments(uuid4(), "talk", [sent(picture("PNG"))]) as [kept],
    ):
        raise OperationalError("server closed the connection unexpectedly")
    assert set(files(root)) == {path_of(kept.file), open_mark(kept.file)}


def test_they_are_for_nobody_elses_eyes(root: Path) -> None:
    old = os.umask(0)
    try:
        [kept] = keep(picture("PNG"))
    finally:
        os.umask(old)
    assert stat.S_IMODE(path_of(kept.file).stat().st_mode) == 0o600
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


@pytest.mark.parametrize("room", ["", "../x", "a/b", "UP", "a.b"])
def test_a_room_has_a_plain_name(room: str) -> None:
    with (
        pytest.raises(ValueError, match="no room"),
        stored_attachments(uuid4(), room, [sent(picture("PNG"))]),
    ):
        raise AssertionError("nobody gets here")
