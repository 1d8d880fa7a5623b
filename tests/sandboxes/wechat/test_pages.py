"""The pages on which a WeChat user decides, the app's own credential, and the process."""

from __future__ import annotations

import os
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from tests.support.wechat import WechatSandbox

pytestmark = pytest.mark.pure
SHOP = "http://shop.example/back?x=1"


def authorize(
    wechat: WechatSandbox, appid: str, scope: str, back: str = SHOP, page: str = "oauth2/authorize"
) -> str:
    return (
        f"{wechat.gateway}/connect/{page}?appid={appid}&redirect_uri={quote(back, safe='')}"
        f"&response_type=code&scope={scope}&state=abc123"
    )


def test_whoever_is_remembered_goes_on_silently(wechat: WechatSandbox) -> None:
    app, user = wechat.app("official"), wechat.user("阿青")
    with httpx.Client() as browser:
        asked = browser.get(authorize(wechat, app["appid"], "snsapi_base"))
        assert asked.status_code == 200 and "阿青" in asked.text
        chosen = browser.post(
            f"{wechat.gateway}/connect/decide",
            data={
                "appid": app["appid"],
                "redirect_uri": SHOP,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": "abc123",
                "user": user,
            },
        )
        assert chosen.status_code == 302
        back = browser.get(authorize(wechat, app["appid"], "snsapi_base"))
        consent = browser.get(authorize(wechat, app["appid"], "snsapi_userinfo"))
    told = parse_qs(urlsplit(back.headers["Location"]).query)
    assert (told["x"], told["state"], len(told["code"][0])) == (["1"], ["abc123"], 32)
    assert consent.status_code == 200, "the profile is never given silently"


def test_who_refuses_comes_back_without_a_code(wechat: WechatSandbox) -> None:
    app = wechat.app("website")
    asked = authorize(wechat, app["appid"], "snsapi_login", page="qrconnect")
    back = wechat.agree(asked, wechat.user(), refuse=True)
    assert parse_qs(urlsplit(back).query) == {"x": ["1"], "state": ["abc123"]}


@pytest.mark.parametrize(
    ("scope", "back", "number"),
    [
        ("snsapi_login", "https://shop.example/", "10005"),
        ("snsapi_base", "https://evil.example/", "10003"),
        ("snsapi_base", "javascript:alert(1)", "10003"),
    ],
)
def test_an_app_asks_only_for_itself(wechat: WechatSandbox, scope: str, back: str, number: str) -> None:
    app = wechat.app("official", domain="shop.example")
    answer = httpx.get(authorize(wechat, app["appid"], scope, back))
    assert (answer.status_code, number in answer.text) == (400, True)
    assert "10013" in httpx.get(authorize(wechat, "wx0", "snsapi_base")).text


def test_the_apps_credential_and_ticket_stay_while_they_live(wechat: WechatSandbox) -> None:
    app = wechat.app("official")
    body: dict[str, object] = {k: app[k] for k in ("appid", "secret")} | {"grant_type": "client_credential"}
    url = f"{wechat.gateway}/cgi-bin/stable_token"
    first, again = httpx.post(url, json=body).json(), httpx.post(url, json=body).json()
    assert first["access_token"] == again["access_token"] and again["expires_in"] <= 7200
    ticket = wechat.ask("/cgi-bin/ticket/getticket", access_token=first["access_token"], type="jsapi")
    assert (ticket["errcode"], ticket["errmsg"]) == (0, "ok")
    forced = httpx.post(url, json=body | {"force_refresh": True}).json()
    assert forced["access_token"] != first["access_token"]
    old = wechat.ask("/cgi-bin/ticket/getticket", access_token=first["access_token"], type="jsapi")
    assert old["errcode"] == 40001
    assert httpx.post(url, json=body | {"secret": "x"}).json()["errcode"] == 40125
    assert wechat.ask("/cgi-bin/stable_token")["errcode"] == 43002


def test_controls_are_for_who_has_the_token(wechat: WechatSandbox) -> None:
    assert httpx.get(f"{wechat.gateway}/_control/calls").status_code == 401
    for name in ("control.token", "sandbox.sqlite3"):
        assert os.stat(wechat.data / name).st_mode & 0o077 == 0, name
