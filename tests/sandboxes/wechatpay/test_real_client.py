"""The real client library pays, queries, closes and refunds against the sandbox, in both of its modes."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

Ask = Callable[..., tuple[int, dict[str, Any]]]
AMOUNT = {"total": 1230, "currency": "CNY"}
H5_SCENE = {"payer_client_ip": "192.0.2.7", "h5_info": {"type": "Wap"}}


@pytest.fixture(params=["public_key", "certificate"])
def papers(request: pytest.FixtureRequest, sandbox: Any) -> dict[str, str]:
    """A merchant for each way of verifying what WeChat Pay signs."""
    made: dict[str, str] = sandbox.do("/merchants", signing=request.param)
    return made


def test_pays_by_code_and_reads_the_notification(
    client: WeChatPay, placed: str, ask: Ask, sandbox: Any, shop: Any, papers: dict[str, str]
) -> None:
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "NOTPAY"
    sandbox.do("/pay", out_trade_no=placed)
    headers, body = shop.wait(1)[0]
    event = client.callback(headers, body)
    assert event["event_type"] == "TRANSACTION.SUCCESS"
    paid = event["resource"]
    assert (paid["out_trade_no"], paid["trade_state"], paid["trade_type"]) == (placed, "SUCCESS", "NATIVE")
    assert paid["amount"] == AMOUNT | {"payer_total": 1230, "payer_currency": "CNY"}
    assert ask(client.query, out_trade_no=placed) == (200, paid)
    assert ask(client.query, transaction_id=paid["transaction_id"]) == (200, paid)
    assert headers["Wechatpay-Serial"] == papers[f"platform_{papers['signing']}_{_id(papers)}"]


def _id(papers: dict[str, str]) -> str:
    return "id" if papers["signing"] == "public_key" else "serial"


def test_an_altered_notification_is_not_read(client: WeChatPay, placed: str, sandbox: Any, shop: Any) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    headers, body = shop.wait(1)[0]
    assert client.callback(headers, body.replace("TRANSACTION", "TRANSACTIOM")) is None
    assert client.callback(headers | {"Wechatpay-Timestamp": "1554209980"}, body) is None


def test_each_way_of_paying_opens(client: WeChatPay, number: str, ask: Ask, papers: dict[str, str]) -> None:
    jsapi = {"pay_type": WeChatPayType.JSAPI, "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}
    status, opened = ask(client.pay, "绿茶", f"{number}-j", AMOUNT, **jsapi)
    assert status == 200
    assert opened["prepay_id"].startswith("wx")
    h5 = {"pay_type": WeChatPayType.H5, "scene_info": H5_SCENE}
    status, opened = ask(client.pay, "绿茶", f"{number}-h", AMOUNT, **h5)
    assert status == 200
    assert opened["h5_url"].startswith(papers["gateway"])
    assert set(parse_qs(urlsplit(opened["h5_url"]).query)) == {"prepay_id", "package"}
    status, opened = ask(client.pay, "绿茶", f"{number}-n", AMOUNT)
    assert status == 200
    assert opened["code_url"].startswith("weixin://wxpay/bizpayurl?pr=")


def test_closes_an_unpaid_order(client: WeChatPay, placed: str, ask: Ask) -> None:
    assert ask(client.close, placed) == (204, {})
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "CLOSED"


def test_refunds_in_part(client: WeChatPay, placed: str, ask: Ask, sandbox: Any, shop: Any) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    amount = {"refund": 230, "total": 1230, "currency": "CNY"}
    status, refund = ask(client.refund, f"{placed}-r", amount, out_trade_no=placed, reason="少一件")
    assert (status, refund["status"]) == (200, "PROCESSING")
    assert refund["amount"]["refund"] == 230
    sandbox.do("/flush", out_trade_no=placed)
    status, settled = ask(client.query_refund, f"{placed}-r")
    assert (status, settled["status"], settled["refund_id"]) == (200, "SUCCESS", refund["refund_id"])
    event = client.callback(*shop.wait_for("REFUND.SUCCESS"))
    assert event["event_type"] == "REFUND.SUCCESS"
    assert event["resource"]["refund_status"] == "SUCCESS"
    assert event["resource"]["amount"] == {
        "total": 1230, "refund": 230, "payer_total": 1230, "payer_refund": 230,
    }  # fmt: skip
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "REFUND"


def test_fetches_the_platform_certificate(
    client: WeChatPay, placed: str, papers: dict[str, str], ask: Ask
) -> None:
    if papers["signing"] == "public_key":
        status, text = client._core.request("/v3/certificates")
        assert status == 200
        assert json.loads(text)["data"][0]["serial_no"] == papers["platform_certificate_serial"]
        return
    client._core._certificates.clear()
    assert ask(client.query, out_trade_no=placed)[0] == 200
    fetched = client._core._certificates[0]
    assert f"{fetched.serial_number:X}" == papers["platform_certificate_serial"]
