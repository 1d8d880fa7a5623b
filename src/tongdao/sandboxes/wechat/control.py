"""The control API under /_control: what a test or a demo does at will.

Every request bears `Authorization: Bearer <DIR/control.token>`; bodies and answers are JSON.

- `POST /_control/apps` `{kind, appid?, account?, name?, domain?}`: an app (official, website or mini) and
  its secret; the same appid again brings it up to date. Without an open-platform `account` it has no unionids
- `POST /_control/users` `{nickname}`: a WeChat user; answers `{user}`
- `POST /_control/codes` `{appid, user, scope}`: a code, as if the user had agreed (`js_code`: wx.login)
- `POST /_control/ids` `{appid, user}`: the openid and unionid of that user
- `POST /_control/faults` `{operation, kind, seconds?, times?}`: see `faults`
- `POST /_control/clock` `{seconds}`: moves the sandbox's clock by so much in all
- `GET  /_control/calls`: how often each operation was called
"""

import json
import secrets
from typing import Any

from tongdao.sandboxes.wechat import apps, faults
from tongdao.sandboxes.wechat.sandbox import Sandbox
from tongdao.sandboxes.wechat.store import Row
from tongdao.sandboxes.wechatpay.messages import Answer, Request, json_answer

Body = dict[str, Any]


class BadControl(Exception):
    """The call cannot be understood or names what is not there."""


def _app(sandbox: Sandbox, body: Body) -> Row:
    app = apps.find(sandbox.store, str(body.get("appid", "")))
    if app is None:
        raise BadControl("no such appid")
    return app


def _user(sandbox: Sandbox, body: Body) -> str:
    if apps.user(sandbox.store, str(body.get("user", ""))) is None:
        raise BadControl("no such user")
    return str(body["user"])


def _apps(sandbox: Sandbox, body: Body) -> Body:
    if body.get("kind") not in apps.KINDS:
        raise BadControl(f"kind: one of {apps.KINDS}")
    given = {name: str(body.get(name, "")) for name in ("appid", "account", "name", "domain")}
    made = apps.make(sandbox.store, body["kind"], **given)
    return {name: made[name] for name in ("appid", "secret", "kind", "name")} | {"gateway": sandbox.gateway}


def _users(sandbox: Sandbox, body: Body) -> Body:
    return {"user": apps.make_user(sandbox.store, str(body.get("nickname", "")))}


def _codes(sandbox: Sandbox, body: Body) -> Body:
    app, user = _app(sandbox, body), _user(sandbox, body)
    if body.get("scope") not in apps.SCOPES[app["kind"]]:
        raise BadControl(f"scope: one of {apps.SCOPES[app['kind']]}")
    return {"code": apps.give_code(sandbox, app["appid"], user, body["scope"])}


def _ids(sandbox: Sandbox, body: Body) -> Body:
    app, user = _app(sandbox, body), _user(sandbox, body)
    return {"openid": sandbox.openid(app, user), "unionid": sandbox.unionid(app, user)}


def _faults(sandbox: Sandbox, body: Body) -> Body:
    try:
        seconds, times = int(body.get("seconds", 0)), int(body.get("times", 1))
        faults.add(sandbox.store, str(body.get("operation")), str(body.get("kind")), seconds, times)
    except (TypeError, ValueError) as error:
        raise BadControl(str(error)) from None
    return {"done": True}


def _clock(sandbox: Sandbox, body: Body) -> Body:
    seconds = body.get("seconds")
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise BadControl("seconds: a whole number")
    sandbox.store.remember("clock", str(seconds))
    return {"now": sandbox.now()}


def _calls(sandbox: Sandbox, _body: Body) -> Body:
    return {row["operation"]: row["times"] for row in sandbox.store.all("select * from calls")}


ACTIONS = {
    ("POST", "apps"): _apps,
    ("POST", "users"): _users,
    ("POST", "codes"): _codes,
    ("POST", "ids"): _ids,
    ("POST", "faults"): _faults,
    ("POST", "clock"): _clock,
    ("GET", "calls"): _calls,
}


def handle(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a /_control request."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), sandbox.control_token.encode()):
        return json_answer(401, {"message": "bearer token wanted, see control.token"})
    action = ACTIONS.get((request.method, request.path.removeprefix("/_control/")))
    if action is None:
        return json_answer(404, {"message": "no such control"})
    try:
        body = json.loads(request.body or b"{}")
        if not isinstance(body, dict):
            raise BadControl("the body is not an object")
        return json_answer(200, action(sandbox, body))
    except (ValueError, BadControl) as error:
        return json_answer(422, {"message": str(error)})
