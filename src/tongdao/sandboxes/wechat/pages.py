"""Where WeChat asks its user: /connect/oauth2/authorize inside WeChat, /connect/qrconnect beside a website.

Who sits at the browser is remembered in a cookie; `snsapi_base` then goes on without a word. Who refuses is
sent back with the state and without a code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode, urlsplit, urlunsplit

from tongdao.sandboxes.wechat import apps, looks
from tongdao.sandboxes.wechat.sandbox import Sandbox
from tongdao.sandboxes.wechat.store import Row
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route, choose

COOKIE = "wx_sandbox_user"
SHOWN = 20  # users to choose from
WHY = {"snsapi_base": "silent", "snsapi_userinfo": "asks", "snsapi_login": "scan"}
Handler = Callable[[Sandbox, Request], Answer]
# no form-action: browsers hold the redirect after the form against it, and shops live anywhere
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Wrong(Exception):
    """The asking is not in order; the argument is a key of `words`."""


@dataclass(frozen=True)
class Asking:
    """What an app asks of the user."""

    app: Row
    back: str
    scope: str
    state: str


def _read(sandbox: Sandbox, given: dict[str, str]) -> Asking:
    app = apps.find(sandbox.store, given.get("appid", ""))
    if app is None:
        raise Wrong("10013")
    if given.get("scope") not in apps.SCOPES[app["kind"]] or given.get("response_type") != "code":
        raise Wrong("10005")
    back = given.get("redirect_uri", "")
    parts = urlsplit(back)
    own = not app["domain"] or parts.hostname == app["domain"]
    if parts.scheme not in ("http", "https") or not parts.hostname or not own or not back.isprintable():
        raise Wrong("10003")
    return Asking(app, back, given["scope"], given.get("state", ""))


def _authorize(sandbox: Sandbox, request: Request) -> Answer:
    asking = _read(sandbox, request.query)
    here = apps.user(sandbox.store, _remembered(request))
    if here is not None and asking.scope == "snsapi_base":
        return _go_on(sandbox, asking, here["id"])
    others = sandbox.store.all("select * from users order by rowid desc limit ?", SHOWN)
    others = [user for user in others if here is None or user["id"] != here["id"]]
    hidden = {
        "appid": asking.app["appid"],
        "redirect_uri": asking.back,
        "response_type": "code",
        "scope": asking.scope,
        "state": asking.state,
    }
    accept = request.headers.get("Accept-Language", "")
    text = looks.ask(accept, asking.app["name"], WHY[asking.scope], here, others, hidden)
    return Answer(200, text.encode(), dict(_HEADERS))


def _decide(sandbox: Sandbox, request: Request) -> Answer:
    asking = _read(sandbox, request.form)
    if request.form.get("action") == "refuse":
        return _back(asking, "")
    user = apps.user(sandbox.store, request.form.get("user", ""))
    id = user["id"] if user else apps.make_user(sandbox.store, request.form.get("nickname", "").strip())
    return _go_on(sandbox, asking, id)


def _go_on(sandbox: Sandbox, asking: Asking, user: str) -> Answer:
    answer = _back(asking, apps.give_code(sandbox, asking.app["appid"], user, asking.scope))
    cookie = f"{COOKIE}={user}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
    return Answer(answer.status, answer.body, answer.headers | {"Set-Cookie": cookie})


def _back(asking: Asking, code: str) -> Answer:
    parts = urlsplit(asking.back)
    added = urlencode(({"code": code} if code else {}) | {"state": asking.state})
    query = f"{parts.query}&{added}" if parts.query else added
    where = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    return Answer(302, b"", {"Location": where, "Cache-Control": "no-store"})


def _remembered(request: Request) -> str:
    try:
        found = SimpleCookie(request.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


ROUTES: list[Route[Handler]] = [
    Route("GET", "/connect/oauth2/authorize", "authorize", _authorize),
    Route("GET", "/connect/qrconnect", "qrconnect", _authorize),
    Route("POST", "/connect/decide", "decide", _decide),
]


def handle(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a browser."""
    chosen = choose(ROUTES, request)
    if chosen is None:
        return Answer(404, b"", {})
    try:
        return chosen[0].handler(sandbox, request)
    except Wrong as wrong:
        text = looks.wrong(request.headers.get("Accept-Language", ""), str(wrong))
        return Answer(400, text.encode(), dict(_HEADERS))
