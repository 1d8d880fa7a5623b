"""Blind indexes: equality look-up of a sealed value without opening it.

HMAC-SHA-256 under a key of its own. The kind is part of the input, so equal values of two kinds do not match.
The key of the indexes is not rotated with the others: a new one means computing every index again.
"""

from __future__ import annotations

import hashlib
import hmac

from tongdao.foundation.keys import key_ring

from .normalising import normalise_email, normalise_phone

_NORMALISE = {"phone": normalise_phone, "email": normalise_email}


def blind_index(kind: str, value: str) -> bytes:
    """32 bytes to store and to look up by.

    Kinds "phone" and "email" are normalised first (BadPhone, BadEmail); any other ("phone_last4" …)
    is taken as it stands.
    """
    if not kind or "\0" in kind:
        raise ValueError("a blind index needs a kind, without NUL")
    normalise = _NORMALISE.get(kind)
    text = normalise(value) if normalise else value
    return hmac.digest(key_ring().blind_index_key, f"{kind}\0{text}".encode(), hashlib.sha256)
