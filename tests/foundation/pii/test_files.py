"""Sealed files: what was written is read, from anywhere, and nothing else opens."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO

import pytest

from tongdao.foundation.pii import BadSeal
from tongdao.foundation.pii.files import HEAD, PIECE, SealedWriter, open_sealed

LENGTHS = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7]


def content_of(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def sealed(content: bytes, context: str = "copy") -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, context)
    for start in range(0, len(content), 700_001):
        writer.write(content[start : start + 700_001])
    writer.finish()
    assert writer.length == len(content)
    return out.getvalue()


def opened(file: bytes, context: str = "copy") -> BinaryIO:
    return open_sealed(io.BytesIO(file), context)


@pytest.mark.parametrize("length", LENGTHS)
def test_what_was_written_is_read(length: int) -> None:
    content = content_of(length)
    file = sealed(content)
    assert opened(file).read() == content
    assert length < 251 or content[:251] not in file
    reader = opened(file)
    for at in (0, length // 2, max(0, length - 3)):
        reader.seek(at)
        assert reader.read(5) == content[at : at + 5]


def test_an_archive_is_written_and_read_through_it() -> None:
    out = io.BytesIO()
    writer = SealedWriter(out, "copy")
    large = content_of(2 * PIECE)
    with zipfile.ZipFile(writer, "w") as archive:
        archive.writestr("large", large)
        archive.writestr("small", b"x")
    writer.finish()
    with zipfile.ZipFile(opened(out.getvalue())) as archive:
        assert (archive.read("small"), archive.read("large"), archive.testzip()) == (b"x", large, None)


def test_pieces_cannot_be_swapped_cut_off_or_brought_from_elsewhere() -> None:
    file = sealed(content_of(3 * PIECE + 7))
    stride = int.from_bytes(file[:HEAD], "big")
    one, two = file[HEAD : HEAD + stride], file[HEAD + stride : HEAD + 2 * stride]
    wrong = [
        file[:HEAD] + two + one + file[HEAD + 2 * stride :],
        file[: HEAD + 3 * stride],  # without the last piece
        file[: HEAD + 2 * stride],
        file[:-1],
        file[:-20] + bytes(20),
        file[: HEAD + stride] + file[HEAD + 2 * stride :],
        b"",
        file[:HEAD],
        bytes(100),
    ]
    for each in wrong:
        with pytest.raises(BadSeal):
            opened(each).read()
    with pytest.raises(BadSeal):
        opened(file, "another").read()


def test_a_file_that_was_not_finished_does_not_open() -> None:
    out = io.BytesIO()
    SealedWriter(out, "copy").write(content_of(2 * PIECE))
    with pytest.raises(BadSeal):
        opened(out.getvalue())
