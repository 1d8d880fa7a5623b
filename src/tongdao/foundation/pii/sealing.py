"""Sealing one value: AES-256-GCM (NIST SP 800-38D) under a key with an id.

Layout: version (1 byte, value 1) | length of the key id (1 byte) | key id (ASCII) | nonce (12 random bytes) |
ciphertext and 16-byte tag. Header and context are authenticated, so a value does not open in another column.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongdao.foundation.keys import key_ring

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16


class BadSeal(Exception):
    """The sealed bytes were altered, cut, or belong to another column."""


def seal(plaintext: str, context: str) -> bytes:
    """Encrypt text for one place, `context` being table.column. Two seals of one text differ."""
    ring = key_ring()
    header = _header(ring.current)
    nonce = os.urandom(NONCE_BYTES)
    box = _cipher(ring.key(ring.current)).encrypt(nonce, plaintext.encode(), header + context.encode())
    return header + nonce + box


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    """Made once for each key: that costs more than sealing does."""
    return AESGCM(key)


def open_(sealed: bytes, context: str) -> str:
    """Decrypt what `seal` made for the same context. Raises BadSeal, or KeyMissing naming the key id."""
    key_id = key_id_of(sealed)
    start = 2 + len(key_id)
    nonce, box = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    key = key_ring().key(key_id)
    try:
        return _cipher(key).decrypt(nonce, box, sealed[:start] + context.encode()).decode()
    except InvalidTag:
        raise BadSeal(f"a value of {context} does not open: altered, or moved from another column") from None


def key_id_of(sealed: bytes) -> str:
    """The id of the key that a value was sealed under."""
    length = sealed[1] if len(sealed) > 1 else 0
    if not length or sealed[0] != VERSION or len(sealed) < 2 + length + NONCE_BYTES + TAG_BYTES:
        raise BadSeal("these bytes are no sealed value")
    try:
        return sealed[2 : 2 + length].decode("ascii")
    except UnicodeDecodeError:
        raise BadSeal("these bytes are no sealed value") from None


def needs_rotation(sealed: bytes) -> bool:
    """Whether a value is sealed under another key than the current one."""
    return key_id_of(sealed) != key_ring().current


def reseal(sealed: bytes, context: str) -> bytes:
    """The same text under the current key; unchanged bytes where it is there already."""
    return seal(open_(sealed, context), context) if needs_rotation(sealed) else sealed


def _header(key_id: str) -> bytes:
    return bytes((VERSION, len(key_id))) + key_id.encode("ascii")
