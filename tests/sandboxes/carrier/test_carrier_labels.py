from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


def test_an_order_gives_a_waybill_and_its_first_line(sandbox: Any) -> None:
    data = sandbox.ordered()
    assert len(data["kuaidinum"]) == 14
    assert data["kuaidinum"].startswith("78")
    trace = sandbox.query(data["kuaidinum"], resultv2="4")
    assert (trace["state"], trace["ischeck"]) == ("101", "0")
    assert trace["data"][0]["context"] == "【杭州市】中通快递 已收到下单信息，等待揽收"


def test_the_same_order_again_gives_the_same_waybill(sandbox: Any) -> None:
    with ThreadPoolExecutor(6) as pool:
        numbers = {data["kuaidinum"] for data in pool.map(lambda _: sandbox.ordered("P-7"), range(12))}
    assert len(numbers) == 1
    assert len(sandbox.list("parcels")) == 1


def test_another_order_under_the_same_number_is_refused(sandbox: Any) -> None:
    sandbox.ordered("P-7")
    changed = sandbox.order_param("P-7") | {"cargo": "衣服"}
    reply = sandbox.label("order", changed)
    assert (reply["success"], reply["code"], reply["data"]) == (False, 501, None)
    assert len(sandbox.list("parcels")) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sign": "0" * 32}, 503),
        ({"sign": ""}, 503),
        ({"key": "0123456789abcdef"}, 600),
        ({"t": "1576123932001"}, 503),
        ({"method": "nothing"}, 400),
    ],
)
def test_a_request_that_is_not_whole_is_refused(sandbox: Any, changed: dict[str, str], code: int) -> None:
    reply = sandbox.label("order", sandbox.order_param(), **changed)
    assert (reply["success"], reply["code"]) == (False, code)
    assert sandbox.list("parcels") == []


def test_a_signature_over_other_text_is_refused(sandbox: Any) -> None:
    param = sandbox.order_param()
    assert sandbox.label("order", param, param=json.dumps(param | {"cargo": "x"}))["code"] == 503


def test_a_signature_in_small_letters_is_refused(sandbox: Any) -> None:
    text, t = json.dumps(sandbox.order_param()), "1"
    secrets = t + sandbox.account["key"] + sandbox.account["secret"]
    small = subprocess.run(["md5sum"], input=(text + secrets).encode(), capture_output=True, check=True)
    fields = {"method": "order", "key": sandbox.account["key"], "t": t, "param": text}
    sign = small.stdout.decode().split()[0]
    assert sandbox.form("/label/order", **fields, sign=sign)["code"] == 503
    assert sandbox.form("/label/order", **fields, sign=sign.upper())["code"] == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"partnerId": "nobody"},
        {"kuaidicom": "nocarrier"},
        {"recMan": None},
        {"recMan": {"name": "张三", "mobile": "", "printAddr": "广东省深圳市"}},
        {"sendMan": {"name": "", "mobile": "13787654321", "printAddr": "浙江省杭州市"}},
        {"sendMan": {"name": "李四", "mobile": "13787654321", "printAddr": " "}},
    ],
)
def test_an_order_with_something_missing_is_refused(sandbox: Any, changed: dict[str, Any]) -> None:
    reply = sandbox.label("order", sandbox.order_param() | changed)
    assert (reply["success"], reply["code"]) == (False, 400)
    assert sandbox.list("parcels") == []


def cancelling(sandbox: Any, data: dict[str, Any], **changed: str) -> dict[str, Any]:
    param = {
        "partnerId": sandbox.account["partner_id"],
        "kuaidicom": "zhongtong",
        "kuaidinum": data["kuaidinum"],
        "orderId": data["kdComOrderNum"],
    }
    reply: dict[str, Any] = sandbox.label("cancel", param | changed)
    return reply


def test_cancelling_before_pick_up(sandbox: Any) -> None:
    data = sandbox.ordered()
    assert cancelling(sandbox, data, orderId="other")["code"] == 400
    assert cancelling(sandbox, data)["success"] is True
    assert cancelling(sandbox, data)["code"] == 201
    assert sandbox.control("advance")["moved"] == 0
    replay = sandbox.label("order", sandbox.order_param())
    assert replay["code"] == 501, "a replayed order must not bring a cancelled label back"


def test_no_cancelling_after_pick_up(sandbox: Any) -> None:
    data = sandbox.ordered()
    sandbox.control("advance", number=data["kuaidinum"])
    reply = cancelling(sandbox, data)
    assert (reply["code"], reply["message"]) == (201, "取消失败：快件已揽收")
    assert sandbox.list("parcels")[0]["phase"] == "moving"


def test_the_printed_waybill_hides_persons(sandbox: Any) -> None:
    data = sandbox.ordered()
    path = data["label"].partition(f":{sandbox.port}")[2]
    status, page = sandbox.call("GET", path)
    assert status == 200
    assert data["kuaidinum"] in page
    assert "1******5678" in page
    for hidden in ("13912345678", "张三丰", "十二路2号"):
        assert hidden not in page
    assert sandbox.call("GET", "/label/0000.html")[0] == 404
