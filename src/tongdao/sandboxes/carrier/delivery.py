"""One attempt to hand a push to the follower."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlencode, urlsplit

from tongdao.sandboxes.carrier.signing import md5_upper

TIMEOUT_SECONDS = 20.0
"""The real one gives a callback this long."""

_REPLY_SHOWN = 300


def push_form(body: str, salt: str | None, alter_signature: bool) -> str:
    """The form that is posted. A subscription without salt gets no signature; an empty salt counts as one."""
    fields = {"param": body}
    if salt is not None:
        right = md5_upper(body, salt)
        fields["sign"] = md5_upper(right) if alter_signature else right
    return urlencode(fields)


def _accepted(status: int, reply: str) -> bool:
    try:
        said = json.loads(reply)
    except ValueError:
        return False
    wanted = (
        isinstance(said, dict) and said.get("result") in (True, "true") and said.get("returnCode") == "200"
    )
    return wanted and status == http.client.OK


def deliver(url: str, body: str, salt: str | None, alter_signature: bool) -> tuple[bool, str]:
    """Whether the follower took it, and the beginning of what it said (or how the line broke)."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        line.request(
            "POST",
            path,
            push_form(body, salt, alter_signature).encode(),
            {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        )
        answer = line.getresponse()
        reply = answer.read(65_536).decode("utf-8", "replace")
        return _accepted(answer.status, reply), f"{answer.status} {reply[:_REPLY_SHOWN]}"
    except (OSError, http.client.HTTPException) as broken:
        return False, f"HTTP_CLIENT_ERROR:{broken!r}"[:_REPLY_SHOWN]
    finally:
        line.close()
