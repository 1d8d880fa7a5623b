"""The apps that may ask, the users there are, and the codes between them."""

from tongdao.sandboxes.wechat.errors import Refused
from tongdao.sandboxes.wechat.sandbox import Sandbox, token
from tongdao.sandboxes.wechat.store import Row, Store

KINDS = ("official", "website", "mini")
SCOPES = {"official": ("snsapi_base", "snsapi_userinfo"), "website": ("snsapi_login",), "mini": ("js_code",)}
CODE_SECONDS = 5 * 60


def make(store: Store, kind: str, **given: str) -> Row:
    """An app of this kind, or the one of that appid brought up to date; its secret stays."""
    appid = given.get("appid") or f"wx{token(16).lower()}"
    values = (given.get("account", ""), given.get("name", "") or "示例应用", given.get("domain", ""))
    with store.transaction():
        sql = "insert or ignore into apps values (?, ?, ?, ?, ?, ?)"
        store.run(sql, appid, token(32).lower(), kind, *values)
        store.run(
            "update apps set kind = ?, account = ?, name = ?, domain = ? where appid = ?",
            kind,
            *values,
            appid,
        )
    made = find(store, appid)
    assert made is not None
    return made


def find(store: Store, appid: str) -> Row | None:
    return store.one("select * from apps where appid = ?", appid)


def proven(store: Store, given: dict[str, str]) -> Row:
    """The app that shows its secret; raises Refused."""
    if not given.get("appid"):
        raise Refused(41002)
    if not given.get("secret"):
        raise Refused(41004)
    app = find(store, given["appid"])
    if app is None:
        raise Refused(40013)
    if app["secret"] != given["secret"]:
        raise Refused(40125)
    return app


def make_user(store: Store, nickname: str) -> str:
    """Somebody with a WeChat account; its id."""
    id = token(20)
    store.run("insert into users (id, nickname) values (?, ?)", id, nickname[:40] or "微信用户")
    return id


def user(store: Store, id: str) -> Row | None:
    return store.one("select * from users where id = ?", id)


def give_code(sandbox: Sandbox, appid: str, user_id: str, scope: str) -> str:
    code = token(32)
    sql = "insert into codes (code, appid, user, scope, at) values (?, ?, ?, ?, ?)"
    sandbox.store.run(sql, code, appid, user_id, scope, sandbox.now())
    return code


def use_code(sandbox: Sandbox, app: Row, code: str) -> Row:
    """The code is used up by it; raises Refused."""
    if not code:
        raise Refused(41008)
    row = sandbox.store.one("select * from codes where code = ? and appid = ?", code, app["appid"])
    if row is None:
        raise Refused(40029)
    if sandbox.now() - row["at"] > CODE_SECONDS:
        raise Refused(42003)
    if not sandbox.store.run("update codes set used = 1 where code = ? and used = 0", code):
        raise Refused(40163)
    return row
