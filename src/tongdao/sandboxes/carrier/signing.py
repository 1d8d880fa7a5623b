"""Kuaidi100's signatures: the MD5 of texts written one after the other, in capitals."""

from __future__ import annotations

import hashlib
import hmac


def md5_upper(*parts: str) -> str:
    """32 capital hexadecimal digits over the UTF-8 of all parts."""
    # the protocol prescribes MD5; it is not our choice of protection
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


def matches(given: str, *parts: str) -> bool:
    """Compare in constant time; capitals are required, as by the real one."""
    return hmac.compare_digest(given.encode(), md5_upper(*parts).encode())
