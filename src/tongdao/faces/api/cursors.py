"""A place in a merchant's event log, as text that says nothing to its holder."""

from __future__ import annotations

import base64
import binascii
import struct
from uuid import UUID

from tongdao.faces.api.refusals import BadCursor

_FORM = struct.Struct(">Q16s")
LENGTH = 32


def write_cursor(seq: int, id: UUID) -> str:
    return base64.urlsafe_b64encode(_FORM.pack(seq, id.bytes)).decode()


def read_cursor(text: str) -> tuple[int, UUID]:
    """(seq, id) of the last event that was given out; raises BadCursor."""
    try:
        seq, raw = _FORM.unpack(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, struct.error) as error:
        raise BadCursor() from error
    if seq >= 2**63:
        raise BadCursor()
    return seq, UUID(bytes=raw)
