"""What every part of the sandbox is given: its memory, its clock, and the ids that follow from its secret."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from tongdao.sandboxes.wechat.store import Row, Store


@dataclass(frozen=True)
class Sandbox:
    """`gateway` is the base URL seen from outside."""

    store: Store
    gateway: str
    control_token: str

    def now(self) -> int:
        """Whole seconds since the epoch, moved by what the control asked for."""
        return int(time.time()) + int(self.store.fact("clock") or "0")

    def openid(self, app: Row, user: str) -> str:
        """28 characters, as WeChat's have."""
        return "o" + self._digest("openid", app["appid"], user)[:27]

    def unionid(self, app: Row, user: str) -> str:
        """One for all apps of an open-platform account; empty for an app that belongs to none."""
        return "o" + self._digest("unionid", app["account"], user)[:28] if app["account"] else ""

    def _digest(self, *parts: str) -> str:
        key = self.store.fact("secret")
        if key is None:
            key = secrets.token_hex(32)
            self.store.remember("secret", key)
        mark = hmac.digest(key.encode(), "\0".join(parts).encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def token(length: int) -> str:
    """Random letters and digits."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(secrets.choice(letters) for _ in range(length))
