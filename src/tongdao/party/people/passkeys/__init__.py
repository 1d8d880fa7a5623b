"""Passkeys (W3C WebAuthn Level 3): a key pair in the person's own device proves both device and holder.

Nothing secret is kept here. A challenge is made for one session, good once and for minutes; what it is good
for and for whom stands beside it in the session, not in what the browser sends.
"""

from __future__ import annotations

from .keeping import Key, drop_passkey, keys_of
from .place import Asked, passkeys_here
from .registering import begin_registration, finish_registration
from .signing import begin_signing, finish_signing

__all__ = [
    "Asked",
    "Key",
    "begin_registration",
    "begin_signing",
    "drop_passkey",
    "finish_registration",
    "finish_signing",
    "keys_of",
    "passkeys_here",
]
