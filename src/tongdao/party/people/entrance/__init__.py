"""Coming in, and the ways in: one course for all faces, which lend it their pages (see door.Door)."""

from __future__ import annotations

from .door import Door, Step, safe_next
from .keeping import authenticator, choose_password, end, number, security_of
from .passing import by_code, by_password, second, whose
from .passkeys import by_passkey, passkeys

__all__ = [
    "Door",
    "Step",
    "authenticator",
    "by_code",
    "by_passkey",
    "by_password",
    "choose_password",
    "end",
    "number",
    "passkeys",
    "safe_next",
    "second",
    "security_of",
    "whose",
]
