"""A page that all share, with holes for what is one visitor's own: `{% hole "name" %}` in a template.

A hole is its name between two NULs, which no text of the database, and so of a merchant, can hold.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

_HOLE = re.compile("\0([a-z_]+)\0")


class Hole(str):
    """The mark of a hole, as text."""

    __slots__ = ()

    def __new__(cls, name: str) -> Hole:
        mark = f"\0{name}\0"
        if not _HOLE.fullmatch(mark):
            raise ValueError(f"no name of a hole: {name!r}")
        return super().__new__(cls, mark)


def etag_of(body: bytes) -> str:
    """Strong: the same tag means the same bytes."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class Composed:
    """`texts` stand around `holes`: one more of them. `body` is the page with all holes empty.

    `packed` is that body under gzip, or empty. Only what all share is packed: the length of packed bytes
    tells of a secret among them, and here is none.
    """

    texts: tuple[bytes, ...]
    holes: tuple[str, ...]
    packed: bytes = b""
    body: bytes = field(init=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", b"".join(self.texts))
        object.__setattr__(self, "etag", etag_of(self.body))

    def filled(self, parts: Mapping[str, str]) -> Composed:
        """The page with `parts` in the holes of their names; itself where nothing is to be filled."""
        if not any(parts.get(name) for name in self.holes):
            return self
        pieces = [self.texts[0]]
        for name, text in zip(self.holes, self.texts[1:], strict=True):
            pieces += (parts.get(name, "").encode(), text)
        return Composed((b"".join(pieces),), ())

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.body) * (2 if self.holes else 1) + len(self.packed)


def compose(text: str) -> Composed:
    """Cut a rendered text at its holes."""
    pieces = _HOLE.split(text)
    texts = tuple(piece.encode() for piece in pieces[::2])
    return Composed(texts, tuple(pieces[1::2]))


def compose_packed(text: str) -> Composed:
    """The same for what is kept: packed once, sent often."""
    page = compose(text)
    packed = gzip.compress(page.body, mtime=0)
    return replace(page, packed=packed) if len(packed) < len(page.body) else page
