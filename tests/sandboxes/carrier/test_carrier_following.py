from __future__ import annotations

import json
import queue
from typing import Any

import pytest


def followed(sandbox: Any, follower: Any, **parameters: Any) -> str:
    number: str = sandbox.ordered()["kuaidinum"]
    reply = sandbox.subscribe(number, follower.url, **parameters)
    assert reply == {"result": True, "returnCode": "200", "message": "提交成功"}
    return number


def test_a_parcel_goes_from_order_to_signature(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    states, last = ["101"], follower.next()
    assert last["lastResult"]["state"] == "101"
    while last["status"] == "polling":
        sandbox.control("advance", number=number)
        last = follower.next()
        states.append(last["lastResult"]["state"])
    assert states == ["101", "103", "1002", "1002", "1001", "5", "301"]
    assert (last["status"], last["billstatus"], last["autoCheck"]) == ("shutdown", "check", "0")
    result = last["lastResult"]
    assert (result["nu"], result["com"], result["ischeck"], result["status"]) == (
        number,
        "zhongtong",
        "1",
        "200",
    )
    assert [line["statusCode"] for line in result["data"]] == states[::-1]
    cities = [line["context"].split("】")[0].strip("【") for line in result["data"]]
    assert cities == ["深圳市", "深圳市", "深圳市", "广州市", "杭州市", "杭州市", "杭州市"]
    assert result["data"][4]["areaCode"] == "CN330100000000"
    assert result["data"][4]["areaName"] == "浙江省,杭州市"


@pytest.mark.parametrize(
    ("resultv2", "state", "line"),
    [("", "1", {}), ("1", "1", {"status": "揽收"}), ("4", "103", {"status": "已揽收", "statusCode": "103"})],
)
def test_the_follower_chooses_how_much_it_is_told(
    sandbox: Any, follower: Any, resultv2: str, state: str, line: dict[str, str]
) -> None:
    number = followed(sandbox, follower, resultv2=resultv2)
    follower.next()
    sandbox.control("advance", number=number)
    push = follower.next()
    assert push["billstatus"] == "got"
    assert push["lastResult"]["state"] == state
    newest = push["lastResult"]["data"][0]
    told = {name: newest[name] for name in ("status", "statusCode") if name in newest}
    assert told == line


def test_following_twice_is_501_until_the_journey_ends(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    assert sandbox.subscribe(number, follower.url)["returnCode"] == "501"
    sandbox.control("advance", number=number, steps=20)
    assert sandbox.subscribe(number, follower.url)["returnCode"] == "200"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"key": "wrong"}, "600"),
        ({"company": "nocarrier"}, "701"),
        ({"company": ["zhongtong"]}, "701"),
        ({"number": ""}, "700"),
        ({"number": "x" * 33}, "700"),
        ({"parameters": {"callbackurl": "ftp://example.com/x"}}, "700"),
        ({"parameters": {"callbackurl": "http://example.com:port/"}}, "700"),
        ({"parameters": None}, "700"),
    ],
)
def test_a_subscription_that_cannot_work_is_refused(sandbox: Any, changed: dict[str, Any], code: str) -> None:
    whole = {
        "company": "zhongtong",
        "number": "78000000000001",
        "key": sandbox.account["key"],
        "parameters": {"callbackurl": "http://127.0.0.1:9/x", "salt": "s"},
    }
    reply = sandbox.form("/poll", schema="json", param=json.dumps(whole | changed))
    assert (reply["result"], reply["returnCode"]) == (False, code)
    assert sandbox.list("parcels") == []


def test_without_salt_there_is_no_signature(sandbox: Any, follower: Any) -> None:
    followed(sandbox, follower, salt=None)
    assert "sign" not in follower.received.get(timeout=30)


def test_a_number_from_elsewhere_is_followed_too(sandbox: Any, follower: Any) -> None:
    assert sandbox.query("YT6186594166532", "yuantong")["returnCode"] == "500"
    assert sandbox.subscribe("YT6186594166532", follower.url, "yuantong")["result"] is True
    assert sandbox.query("YT6186594166532", "yuantong")["returnCode"] == "500"
    sandbox.control("advance", number="YT6186594166532")
    assert follower.next()["lastResult"]["state"] == "103"


def test_sf_asks_for_a_phone_on_the_parcel(sandbox: Any, follower: Any) -> None:
    number = sandbox.ordered("P-2", "shunfeng")["kuaidinum"]
    assert sandbox.subscribe(number, follower.url, "shunfeng")["returnCode"] == "700"
    assert sandbox.subscribe(number, follower.url, "shunfeng", phone="13900000000")["returnCode"] == "700"
    assert sandbox.subscribe(number, follower.url, "shunfeng", phone="13912345678")["result"] is True
    assert sandbox.query(number, "shunfeng")["returnCode"] == "408"
    assert sandbox.query(number, "shunfeng", phone="4321")["message"] == "ok"


def test_queries_are_checked(sandbox: Any) -> None:
    number = sandbox.ordered()["kuaidinum"]
    text = json.dumps({"com": "zhongtong", "num": number})
    ask = {"customer": sandbox.account["customer"], "param": text, "sign": "0" * 32}
    assert sandbox.form("/poll/query.do", **ask)["returnCode"] == "503"
    assert sandbox.form("/poll/query.do", **ask | {"customer": "X"})["returnCode"] == "400"
    sandbox.control("advance", number=number)
    newest_first = [line["context"] for line in sandbox.query(number)["data"]]
    assert [line["context"] for line in sandbox.query(number, order="asc")["data"]] == newest_first[::-1]


def test_trouble_and_the_signature_after_it(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower, resultv2="1")
    follower.next()
    sandbox.control("problem", number=number, reason="地址不详")
    push = follower.next()
    assert (push["lastResult"]["state"], push["status"]) == ("2", "polling")
    assert "地址不详" in push["lastResult"]["data"][0]["context"]
    sandbox.control("advance", number=number, steps=20)
    assert sandbox.query(number, resultv2="4")["state"] == "302"


def test_a_refused_parcel_goes_home(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("advance", number=number, steps=5)
    sandbox.control("return", number=number)
    sandbox.control("advance", number=number, steps=20)
    pushes = [follower.next() for _ in range(9)]
    assert [push["lastResult"]["state"] for push in pushes][-4:] == ["5", "6", "6", "4"]
    assert (pushes[-1]["status"], pushes[-1]["lastResult"]["ischeck"]) == ("shutdown", "0")
    assert sandbox.list("parcels")[0]["phase"] == "returned"


def test_the_aggregator_gives_up(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    follower.next()
    sandbox.control("abort", number=number)
    push = follower.next()
    assert (push["status"], push["message"]) == ("abort", "60天无变化")
    sandbox.control("advance", number=number)
    with pytest.raises(queue.Empty):
        follower.received.get(timeout=0.3)
