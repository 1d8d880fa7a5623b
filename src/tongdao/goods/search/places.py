"""Where a page of what was found ended, as a text for the address of the next one."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from uuid import UUID

_FORM = struct.Struct(">h16s?")


class BadPlace(ValueError):
    """The text is none that `Place.text` made."""


@dataclass(frozen=True, slots=True)
class Place:
    """The last product of a page. `guessed`: among what was perhaps meant."""

    weight: int
    product_id: UUID
    guessed: bool = False

    @property
    def text(self) -> str:
        packed = _FORM.pack(self.weight, self.product_id.bytes, self.guessed)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_place(text: str) -> Place | None:
    """None for an empty text: the first page. Raises BadPlace."""
    if not text:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        weight, id, guessed = _FORM.unpack(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, struct.error) as error:
        raise BadPlace(text) from error
    return Place(weight, UUID(bytes=id), guessed)
