"""The calls under /sns: codes, grants, who is told what, and the numbers of the errors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.wechat import WechatSandbox

pytestmark = pytest.mark.pure
Papers = dict[str, str]


@pytest.fixture
def official(wechat: WechatSandbox) -> Papers:
    return wechat.app("official", account="tea house")


def exchange(wechat: WechatSandbox, app: Papers, code: str, /, **other: str) -> dict[str, Any]:
    given = {"appid": app["appid"], "secret": app["secret"], "code": code, "grant_type": "authorization_code"}
    return wechat.ask("/sns/oauth2/access_token", **{**given, **other})


def test_a_code_is_good_once(wechat: WechatSandbox, official: Papers) -> None:
    code = wechat.code(official, wechat.user(), "snsapi_userinfo")
    told = exchange(wechat, official, code)
    assert set(told) == {"access_token", "expires_in", "refresh_token", "openid", "scope", "unionid"}
    assert (told["expires_in"], told["scope"], len(told["openid"])) == (7200, "snsapi_userinfo", 28)
    assert exchange(wechat, official, code) == {"errcode": 40163, "errmsg": "code been used"}


def test_the_silent_scope_tells_no_unionid_and_shows_no_profile(
    wechat: WechatSandbox, official: Papers
) -> None:
    user = wechat.user()
    told = exchange(wechat, official, wechat.code(official, user, "snsapi_base"))
    assert "unionid" not in told
    query = {"access_token": told["access_token"], "openid": told["openid"]}
    assert wechat.ask("/sns/userinfo", **query)["errcode"] == 48001
    assert wechat.ask("/sns/auth", **query) == {"errcode": 0, "errmsg": "ok"}


def test_the_profile_belongs_to_token_and_openid(wechat: WechatSandbox, official: Papers) -> None:
    told = exchange(wechat, official, wechat.code(official, wechat.user("林小满"), "snsapi_userinfo"))
    query = {"access_token": told["access_token"], "openid": told["openid"]}
    profile = wechat.ask("/sns/userinfo", **query)
    assert (profile["nickname"], profile["unionid"]) == ("林小满", told["unionid"])
    assert wechat.ask("/sns/userinfo", **{**query, "openid": "o" * 28})["errcode"] == 40003
    assert wechat.ask("/sns/userinfo", **{**query, "access_token": "x"})["errcode"] == 40001
    assert wechat.ask("/sns/userinfo", openid=told["openid"])["errcode"] == 41001


def test_openids_are_an_apps_and_unionids_an_accounts(wechat: WechatSandbox, official: Papers) -> None:
    user = wechat.user()
    same = wechat.app("website", account="tea house")
    other = wechat.app("website", account="another house")
    ids = [wechat.ids(app, user) for app in (official, same, other)]
    assert len({one["openid"] for one in ids}) == 3
    assert ids[0]["unionid"] == ids[1]["unionid"] != ids[2]["unionid"]
    assert wechat.ids(wechat.app("official"), user)["unionid"] == ""


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"code": "nothing"}, 40029),
        ({"code": ""}, 41008),
        ({"secret": "wrong"}, 40125),
        ({"secret": ""}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"appid": ""}, 41002),
        ({"grant_type": "password"}, 40002),
    ],
)
def test_each_mistake_has_its_number(
    wechat: WechatSandbox, official: Papers, wrong: dict[str, str], number: int
) -> None:
    code = wechat.code(official, wechat.user(), "snsapi_userinfo")
    assert exchange(wechat, official, code, **wrong)["errcode"] == number
    assert "openid" in exchange(wechat, official, code)


def test_a_code_of_another_app_is_none(wechat: WechatSandbox, official: Papers) -> None:
    code = wechat.code(official, wechat.user(), "snsapi_userinfo")
    assert exchange(wechat, wechat.app("official"), code)["errcode"] == 40029


def test_five_minutes_and_two_hours(wechat: WechatSandbox, official: Papers) -> None:
    user = wechat.user()
    code = wechat.code(official, user, "snsapi_userinfo")
    told = exchange(wechat, official, wechat.code(official, user, "snsapi_userinfo"))
    try:
        wechat.control("/clock", seconds=301)
        assert exchange(wechat, official, code)["errcode"] == 42003
        wechat.control("/clock", seconds=7300)
        query = {"access_token": told["access_token"], "openid": told["openid"]}
        assert wechat.ask("/sns/auth", **query)["errcode"] == 42001
        given = {"appid": official["appid"], "grant_type": "refresh_token"}
        again = wechat.ask("/sns/oauth2/refresh_token", **given, refresh_token=told["refresh_token"])
        assert again["access_token"] != told["access_token"]
        assert wechat.ask("/sns/auth", **{**query, "access_token": again["access_token"]})["errcode"] == 0
        assert wechat.ask("/sns/oauth2/refresh_token", **given, refresh_token="x")["errcode"] == 40030
        wechat.control("/clock", seconds=31 * 86400)
        late = wechat.ask("/sns/oauth2/refresh_token", **given, refresh_token=told["refresh_token"])
        assert late["errcode"] == 42002
    finally:
        wechat.control("/clock", seconds=0)


def test_the_clock_tells_whole_seconds(wechat: WechatSandbox) -> None:
    ahead = wechat.control("/clock", seconds=86_400)["now"]
    back = wechat.control("/clock", seconds=0)["now"]
    assert type(ahead) is type(back) is int
    assert ahead > back


def test_a_mini_program_has_its_own_call(wechat: WechatSandbox) -> None:
    mini, user = wechat.app("mini", account="tea house"), wechat.user()
    code = wechat.code(mini, user, "js_code")
    assert exchange(wechat, mini, wechat.code(mini, user, "js_code"))["errcode"] == 40029
    given = {"appid": mini["appid"], "secret": mini["secret"], "grant_type": "authorization_code"}
    told = wechat.ask("/sns/jscode2session", **given, js_code=code)
    assert told | {"session_key": ""} == wechat.ids(mini, user) | {"session_key": ""}
    assert wechat.ask("/sns/jscode2session", **given, js_code=code)["errcode"] == 40163
    assert wechat.ask("/sns/jscode2session", **given)["errcode"] == 41008


def test_faults_come_as_often_as_they_were_armed(wechat: WechatSandbox, official: Papers) -> None:
    code = wechat.code(official, wechat.user(), "snsapi_userinfo")
    wechat.control("/faults", operation="access_token", kind="BUSY", times=1)
    assert exchange(wechat, official, code)["errcode"] == -1
    wechat.control("/faults", operation="access_token", kind="SNAPSHOT")
    assert exchange(wechat, official, code)["is_snapshotuser"] == 1
