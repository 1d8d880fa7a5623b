"""The key ring of personal data: AES-256 keys with ids, and the separate key of the blind indexes.

Read from `settings.TONGDAO_SECRETS`:
`{"pii_keys": {id: base64 of 32 bytes}, "pii_current": id, "blind_index_key": base64 of 32 bytes}`.
Rotation: add a key, make it current, re-seal what `pii.needs_rotation` names, then drop the old key.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings

KEY_BYTES = 32
KEY_ID_MAX = 32


class BadKeyRing(Exception):
    """The key ring in the settings is not of the shape that this module's docstring gives."""


class KeyMissing(Exception):
    """A value was sealed under a key that is not on the ring; the message names its id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"key {key_id!r} is not on the ring: put it back into the secrets file")
        self.key_id = key_id


@dataclass(frozen=True)
class KeyRing:
    """Keys by id (32 bytes each), the id that new values are sealed under, and the blind index key."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    blind_index_key: bytes = field(repr=False)

    def key(self, key_id: str) -> bytes:
        try:
            return self.keys[key_id]
        except KeyError:
            raise KeyMissing(key_id) from None


def key_ring() -> KeyRing:
    """Read the ring from the settings. Raises BadKeyRing, never showing a key."""
    raw: Any = getattr(settings, "TONGDAO_SECRETS", None)
    try:
        return _ring(tuple(raw["pii_keys"].items()), raw["pii_current"], raw["blind_index_key"])
    except (KeyError, TypeError, AttributeError) as error:
        raise BadKeyRing("TONGDAO_SECRETS lacks pii_keys, pii_current or blind_index_key") from error


@lru_cache(maxsize=4)
def _ring(keys: tuple[tuple[str, str], ...], current: str, blind_index_key: str) -> KeyRing:
    """Read once: sealing an order's address asks three times."""
    ring = KeyRing({_key_id(id): _key(text) for id, text in keys}, _key_id(current), _key(blind_index_key))
    ring.key(ring.current)
    return ring


def _key_id(text: object) -> str:
    if not isinstance(text, str) or not text.isascii() or not 0 < len(text) <= KEY_ID_MAX:
        raise BadKeyRing(f"a key id is 1 to {KEY_ID_MAX} ASCII characters")
    return text


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKeyRing(f"a key is the base64 of {KEY_BYTES} bytes")
    return key
