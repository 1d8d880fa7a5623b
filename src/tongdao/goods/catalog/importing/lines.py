"""Physical lines of an uploaded file: bounded, numbered, decoded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from .problems import WrongFile

HEAD_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024
LINE_BYTES_MAX = 480_000

ENCODINGS = ("utf-8", "gb18030")  # GB 18030 holds GBK and GB 2312: what Excel in China writes
SIGNATURES = {
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
    b"\xff\xfe": "utf16",
    b"\xfe\xff": "utf16",
}


class Line(NamedTuple):
    """`text` with its line end. `flaw` is "" or a problem code; a line that is too long has no text."""

    number: int
    text: str
    flaw: str


class Lines(Iterator[Line]):
    """Lines of a binary stream, which can be given back. Raises WrongFile when the stream is no text."""

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(HEAD_BYTES)
        self.encoding = _encoding_of(head)
        self._numbered = enumerate(_byte_lines(head.removeprefix(b"\xef\xbb\xbf"), stream), 1)
        self._given_back: deque[Line] = deque()

    def __next__(self) -> Line:
        if self._given_back:
            return self._given_back.popleft()
        number, content = next(self._numbered)
        if content is None:
            return Line(number, "", "line_too_long")
        if b"\0" in content:
            return Line(number, content.decode(self.encoding, "replace").replace("\0", ""), "nul")
        try:
            return Line(number, content.decode(self.encoding), "")
        except UnicodeDecodeError:
            return Line(number, content.decode(self.encoding, "replace"), "encoding")

    def give_back(self, lines: Sequence[Line]) -> None:
        """The next lines to come are these, in this order."""
        self._given_back.extendleft(reversed(lines))


def _byte_lines(head: bytes, stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines with their \\n; None for one that is too long. Holds one line and one chunk."""
    rest, skipping, chunk = b"", False, head
    while chunk:
        pieces = (rest + chunk).split(b"\n")
        rest = pieces.pop()
        for piece in pieces:
            yield None if skipping or len(piece) > LINE_BYTES_MAX else piece + b"\n"
            skipping = False
        if len(rest) > LINE_BYTES_MAX:
            rest, skipping = b"", True
        chunk = stream.read(CHUNK_BYTES)
    if rest or skipping:
        yield None if skipping else rest


def _encoding_of(head: bytes) -> str:
    """UTF-8 or GB 18030: the one in which fewer lines of the head are unreadable, UTF-8 when equal."""
    for signature, reason in SIGNATURES.items():
        if head.startswith(signature):
            raise WrongFile(reason)
    if not head.strip():
        raise WrongFile("empty")
    if b"\0" in head.partition(b"\n")[0]:
        raise WrongFile("binary")
    if b"\r" in head and b"\n" not in head:
        raise WrongFile("line_ends")
    lines = head.split(b"\n")
    whole = lines[:-1] if len(head) == HEAD_BYTES and len(lines) > 1 else lines
    return min(ENCODINGS, key=lambda encoding: sum(not _decodes(line, encoding) for line in whole))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
