"""Sealed files of any length: piece by piece, so that neither writing nor reading holds more than one piece.

Four bytes with the length of a sealed piece, then the pieces. Each is sealed for its own place in the file,
the last one as the last: pieces that were swapped, repeated or cut off do not open.
"""

from __future__ import annotations

import base64
import io
from typing import BinaryIO, cast

from tongdao.foundation.pii.sealing import BadSeal, open_, seal

PIECE = 1024 * 1024  # bytes of content; the last piece has fewer
HEAD = 4


class SealedWriter(io.RawIOBase):
    """Seals what is written into `out`, which stays open. `length`: bytes of content so far."""

    def __init__(self, out: BinaryIO, context: str) -> None:
        self.out, self.context = out, context
        self.rest = bytearray()
        self.pieces = 0
        self.length = 0

    def writable(self) -> bool:
        return True

    def write(self, content: object, /) -> int:
        fresh = bytes(memoryview(content))  # type: ignore[arg-type]  # whatever has bytes
        self.rest += fresh
        self.length += len(fresh)
        while len(self.rest) >= PIECE:
            self._put(bytes(self.rest[:PIECE]), last=False)
            del self.rest[:PIECE]
        return len(fresh)

    def finish(self) -> None:
        """Write the last piece. A file without it does not open."""
        self._put(bytes(self.rest), last=True)
        self.rest.clear()

    def _put(self, content: bytes, *, last: bool) -> None:
        sealed = seal(base64.b64encode(content).decode(), _place(self.context, self.pieces, last))
        if not self.pieces:
            self.out.write(len(sealed).to_bytes(HEAD, "big"))
        self.out.write(sealed)
        self.pieces += 1


class _SealedReader(io.RawIOBase):
    def __init__(self, file: BinaryIO, context: str) -> None:
        self.file, self.context = file, context
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        self.stride = int.from_bytes(file.read(HEAD), "big")
        if not self.stride or size <= HEAD:
            raise BadSeal("these bytes are no sealed file")
        self.pieces = -(-(size - HEAD) // self.stride)
        self.held, self.content = -1, b""
        self.at = 0
        self.length = (self.pieces - 1) * PIECE + len(self._piece(self.pieces - 1))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self.at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.length}[whence])
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: object, /) -> int:
        target = memoryview(buffer)  # type: ignore[arg-type]  # whatever has room for bytes
        if self.at >= self.length:
            return 0
        index, start = divmod(self.at, PIECE)
        part = self._piece(index)[start : start + len(target)]
        target[: len(part)] = part
        self.at += len(part)
        return len(part)

    def close(self) -> None:
        self.file.close()
        super().close()

    def _piece(self, index: int) -> bytes:
        if index != self.held:
            self.file.seek(HEAD + index * self.stride)
            place = _place(self.context, index, index == self.pieces - 1)
            self.content = base64.b64decode(open_(self.file.read(self.stride), place))
            self.held = index
        return self.content


def open_sealed(file: BinaryIO, context: str) -> BinaryIO:
    """The content, to be read from anywhere; closing it closes `file`. Raises BadSeal, also while reading."""
    return cast("BinaryIO", io.BufferedReader(_SealedReader(file, context)))


def _place(context: str, index: int, last: bool) -> str:
    return f"{context}/{index}{'/last' if last else ''}"
