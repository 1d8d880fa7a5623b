"""What is asked of WeChat: who a code stands for, and the ticket with which pages are signed.

Sources: developers.weixin.qq.com, web authorisation, website sign-in, code2Session, getStableAccessToken,
getTicket, JS-SDK. WeChat answers 200 to everything; what went wrong is in `errcode`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import httpx

from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.party.people.refusals import WechatOff, WechatOver, WechatPreview, WechatUnavailable
from tongdao.party.people.wechat.places import pages_of

Kind = Literal["official", "website", "mini"]
Scope = Literal["snsapi_base", "snsapi_userinfo", "snsapi_login"]
TIMEOUT = httpx.Timeout(6.0, connect=3.05)  # seconds; somebody waits for the page
BUSY = frozenset((-1, 45009, 45011))
OVER = frozenset((40029, 40163, 42003, 41008))  # codes that are unknown, used, too old, missing


@dataclass(frozen=True, slots=True)
class App:
    """One of the merchant's apps at WeChat. `gateway` is the API's address without a final slash."""

    appid: str
    secret: str = field(repr=False)
    kind: Kind
    gateway: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Who WeChat says is there. `unionid` is empty where the app has none or the scope does not tell it."""

    appid: str
    openid: str
    unionid: str = ""


def consent_url(app: App, scope: Scope, *, back: str, state: str) -> str:
    """Where the browser is sent, to come back to `back` with a code and the state."""
    page = "qrconnect" if app.kind == "website" else "oauth2/authorize"
    asked = {
        "appid": app.appid,
        "redirect_uri": back,
        "response_type": "code",
        "scope": scope,
        "state": state,
    }
    return f"{pages_of(app.gateway)}/connect/{page}?{urlencode(asked)}#wechat_redirect"


def exchange(app: App, code: str) -> Seen:
    """Who the code stands for; it is used up by it.

    Raises WechatOver, WechatPreview, WechatUnavailable, or WechatOff for what only the merchant can mend.
    """
    mini = app.kind == "mini"
    path, name = ("jscode2session", "js_code") if mini else ("oauth2/access_token", "code")
    asked = {"appid": app.appid, "secret": app.secret, name: code, "grant_type": "authorization_code"}
    told = _call(app, "GET", f"/sns/{path}", params=asked)
    if told.get("is_snapshotuser"):
        raise WechatPreview()
    return Seen(app.appid, _text(told, "openid"), str(told.get("unionid") or ""))


def fetch_ticket(app: App) -> tuple[str, int]:
    """The ticket that signs pages, and for how many seconds it is good. Raises what `exchange` does."""
    asked = {"grant_type": "client_credential", "appid": app.appid, "secret": app.secret}
    credential = _text(_call(app, "POST", "/cgi-bin/stable_token", json=asked), "access_token")
    query = {"access_token": credential, "type": "jsapi"}
    told = _call(app, "GET", "/cgi-bin/ticket/getticket", params=query)
    return _text(told, "ticket"), int(told.get("expires_in") or 0)


def sign_page(app: App, ticket: str, url: str) -> Mapping[str, str | int]:
    """What `wx.config` is given for the page at `url`: SHA-1 over the four in the order of their names."""
    nonce, now = token(16), int(time.time())
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={now}&url={page}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return {"appId": app.appid, "timestamp": now, "nonceStr": nonce, "signature": digest}


def _call(app: App, method: str, path: str, **sent: Any) -> Mapping[str, Any]:
    assert_outside_scope()
    try:
        answer = httpx.request(method, f"{app.gateway}{path}", timeout=TIMEOUT, **sent)
        told = answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError) as error:
        raise WechatUnavailable() from error
    if not isinstance(told, dict):
        raise WechatUnavailable()
    code = told.get("errcode", 0)
    if code in OVER:
        raise WechatOver()
    if code in BUSY:
        raise WechatUnavailable()
    if code != 0:
        raise WechatOff(wechat_code=int(code))
    return told


def _text(told: Mapping[str, Any], name: str) -> str:
    """A field that must be there."""
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise WechatUnavailable()
    return value
