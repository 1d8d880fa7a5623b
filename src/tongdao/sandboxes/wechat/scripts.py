"""What pages load inside WeChat: the JS-SDK in small, and the bridge for browsers that are not WeChat.

The SDK has its configuration checked here, by a script of its own: the page's policy lets no other call out.
"""

import hashlib
import hmac
import json
from importlib.resources import files

from tongdao.sandboxes.wechat.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.messages import Answer, Request

FILES = {"/open/js/jweixin-1.6.0.js": "jweixin.js", "/sandbox/bridge.js": "bridge.js"}
CHECK = "/sandbox/config.js"
_HEADERS = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-store"}


def signature(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    """SHA-1 over the four in the order of their names, the address cut at its `#`."""
    parts = {"jsapi_ticket": ticket, "noncestr": nonce, "timestamp": timestamp, "url": url.partition("#")[0]}
    text = "&".join(f"{name}={parts[name]}" for name in sorted(parts))
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _check(sandbox: Sandbox, given: dict[str, str]) -> str:
    """What the SDK says of this configuration: `config:ok` or why not."""
    row = sandbox.store.one("select * from tickets where appid = ?", given.get("appId", ""))
    if row is None:
        return "config:invalid appid"
    right = signature(
        *(str(row["ticket"]), *(given.get(name, "") for name in ("nonceStr", "timestamp", "url")))
    )
    return (
        "config:ok" if hmac.compare_digest(right, given.get("signature", "")) else "config:invalid signature"
    )


def handle(sandbox: Sandbox, request: Request) -> Answer | None:
    """One of the scripts, or None."""
    if request.path == CHECK:
        text = f"window.wx.__checked({json.dumps(_check(sandbox, request.query))});"
        return Answer(200, text.encode(), dict(_HEADERS))
    name = FILES.get(request.path)
    if name is None:
        return None
    return Answer(200, files(__package__).joinpath(name).read_bytes(), dict(_HEADERS))
