"""What an app's server calls: user grants under /sns, the app's own credential and ticket under /cgi-bin."""

import json
from collections.abc import Callable

from tongdao.sandboxes.wechat import apps, faults
from tongdao.sandboxes.wechat.errors import Refused
from tongdao.sandboxes.wechat.faults import Body
from tongdao.sandboxes.wechat.sandbox import Sandbox, token
from tongdao.sandboxes.wechat.store import Row
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route, choose, json_answer

TOKEN_SECONDS = 7200
REFRESH_SECONDS = 30 * 86400
Handler = Callable[[Sandbox, Request], Body]


def _access_token(sandbox: Sandbox, request: Request) -> Body:
    given = request.query
    app = apps.proven(sandbox.store, given)
    if given.get("grant_type") != "authorization_code":
        raise Refused(40002)
    code = apps.use_code(sandbox, app, given.get("code", ""))
    if code["scope"] == "js_code":
        raise Refused(40029)
    grant, now = (token(90), token(90)), sandbox.now()
    sql = (
        "insert into grants (refresh, access, appid, user, scope, access_at, at) values (?, ?, ?, ?, ?, ?, ?)"
    )
    sandbox.store.run(sql, *grant, app["appid"], code["user"], code["scope"], now, now)
    told = _grant(sandbox, app, code, *grant)
    unionid = sandbox.unionid(app, code["user"])
    return told | ({"unionid": unionid} if unionid and code["scope"] != "snsapi_base" else {})


def _grant(sandbox: Sandbox, app: Row, row: Row, refresh: str, access: str) -> Body:
    return {
        "access_token": access,
        "expires_in": TOKEN_SECONDS,
        "refresh_token": refresh,
        "openid": sandbox.openid(app, row["user"]),
        "scope": row["scope"],
    }


def _refresh(sandbox: Sandbox, request: Request) -> Body:
    """A token that is not over stays and lives longer."""
    given, store, now = request.query, sandbox.store, sandbox.now()
    app = apps.find(store, given.get("appid", ""))
    if app is None:
        raise Refused(40013 if given.get("appid") else 41002)
    if given.get("grant_type") != "refresh_token":
        raise Refused(40002)
    if not given.get("refresh_token"):
        raise Refused(41003)
    sql = "select * from grants where refresh = ? and appid = ?"
    row = store.one(sql, given["refresh_token"], app["appid"])
    if row is None:
        raise Refused(40030)
    if now - row["at"] > REFRESH_SECONDS:
        raise Refused(42002)
    access = row["access"] if now - row["access_at"] < TOKEN_SECONDS else token(90)
    store.run("update grants set access = ?, access_at = ? where refresh = ?", access, now, row["refresh"])
    return _grant(sandbox, app, row, row["refresh"], access)


def _granted(sandbox: Sandbox, request: Request) -> tuple[Row, Row]:
    """The grant of an access token with its openid, and its app."""
    given = request.query
    if not given.get("access_token"):
        raise Refused(41001)
    if not given.get("openid"):
        raise Refused(41009)
    row = sandbox.store.one("select * from grants where access = ?", given["access_token"])
    if row is None:
        raise Refused(40001)
    if sandbox.now() - row["access_at"] > TOKEN_SECONDS:
        raise Refused(42001)
    app = apps.find(sandbox.store, row["appid"])
    assert app is not None
    if sandbox.openid(app, row["user"]) != given["openid"]:
        raise Refused(40003)
    return row, app


def _userinfo(sandbox: Sandbox, request: Request) -> Body:
    row, app = _granted(sandbox, request)
    if row["scope"] == "snsapi_base":
        raise Refused(48001)
    user, unionid = apps.user(sandbox.store, row["user"]), sandbox.unionid(app, row["user"])
    assert user is not None
    told: Body = {
        "openid": sandbox.openid(app, row["user"]),
        "nickname": user["nickname"],
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }
    return told | ({"unionid": unionid} if unionid else {})


def _auth(sandbox: Sandbox, request: Request) -> Body:
    _granted(sandbox, request)
    return {"errcode": 0, "errmsg": "ok"}


def _jscode(sandbox: Sandbox, request: Request) -> Body:
    given = request.query
    app = apps.proven(sandbox.store, given)
    if given.get("grant_type") != "authorization_code":
        raise Refused(40002)
    code = apps.use_code(sandbox, app, given.get("js_code", ""))
    if code["scope"] != "js_code":
        raise Refused(40029)
    unionid = sandbox.unionid(app, code["user"])
    told: Body = {"openid": sandbox.openid(app, code["user"]), "session_key": token(24)}
    return told | ({"unionid": unionid} if unionid else {})


def _stable_token(sandbox: Sandbox, request: Request) -> Body:
    """The same one while it lives, unless a new one is forced."""
    if request.method != "POST":
        raise Refused(43002)
    try:
        given = json.loads(request.body)
    except ValueError:
        raise Refused(47001) from None
    app, now = apps.proven(sandbox.store, given), sandbox.now()
    if given.get("grant_type") != "client_credential":
        raise Refused(40002)
    row = sandbox.store.one("select * from credentials where appid = ?", app["appid"])
    if row is None or now - row["at"] >= TOKEN_SECONDS or given.get("force_refresh") is True:
        sql = "insert or replace into credentials (appid, token, at) values (?, ?, ?)"
        sandbox.store.run(sql, app["appid"], token(136), now)
        row = sandbox.store.one("select * from credentials where appid = ?", app["appid"])
        assert row is not None
    return {"access_token": row["token"], "expires_in": row["at"] + TOKEN_SECONDS - now}


def _ticket(sandbox: Sandbox, request: Request) -> Body:
    if not request.query.get("access_token"):
        raise Refused(41001)
    sql = "select * from credentials where token = ?"
    holder, now = sandbox.store.one(sql, request.query["access_token"]), sandbox.now()
    if holder is None:
        raise Refused(40001)
    if now - holder["at"] > TOKEN_SECONDS:
        raise Refused(42001)
    row = sandbox.store.one("select * from tickets where appid = ?", holder["appid"])
    if row is None or now - row["at"] >= TOKEN_SECONDS:
        sql = "insert or replace into tickets (appid, ticket, at) values (?, ?, ?)"
        sandbox.store.run(sql, holder["appid"], token(86), now)
        row = sandbox.store.one("select * from tickets where appid = ?", holder["appid"])
        assert row is not None
    left = row["at"] + TOKEN_SECONDS - now
    return {"errcode": 0, "errmsg": "ok", "ticket": row["ticket"], "expires_in": left}


ROUTES: list[Route[Handler]] = [
    Route("GET", "/sns/oauth2/access_token", "access_token", _access_token),
    Route("GET", "/sns/oauth2/refresh_token", "refresh_token", _refresh),
    Route("GET", "/sns/userinfo", "userinfo", _userinfo),
    Route("GET", "/sns/auth", "auth", _auth),
    Route("GET", "/sns/jscode2session", "jscode2session", _jscode),
    Route("POST", "/cgi-bin/stable_token", "stable_token", _stable_token),
    Route("GET", "/cgi-bin/stable_token", "stable_token", _stable_token),
    Route("GET", "/cgi-bin/ticket/getticket", "getticket", _ticket),
]


_COUNT = """
insert into calls (operation, times) values (?, 1) on conflict (operation) do update set times = times + 1
"""


def handle(sandbox: Sandbox, request: Request) -> Answer:
    """Answer an app's server; refusals are 200, as WeChat's are."""
    chosen = choose(ROUTES, request)
    if chosen is None:
        return json_answer(404, {"errcode": 40066, "errmsg": "invalid url"})
    route = chosen[0]
    sandbox.store.run(_COUNT, route.name)
    try:
        return faults.under(sandbox.store, route.name, lambda: route.handler(sandbox, request))
    except Refused as refused:
        return json_answer(200, refused.body())
