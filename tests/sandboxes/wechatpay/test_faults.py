"""Answers that go wrong, with and without effect, as often as asked and no more."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from wechatpayv3 import WeChatPay

Ask = Callable[..., tuple[int, dict[str, Any]]]
AMOUNT = {"total": 1230, "currency": "CNY"}


@pytest.mark.parametrize(("kind", "status"), [("SYSTEM_ERROR", 500), ("FREQUENCY_LIMITED", 429)])
def test_a_refusal_without_effect(
    client: WeChatPay, number: str, ask: Ask, sandbox: Any, kind: str, status: int
) -> None:
    sandbox.do("/faults", operation="prepay", key=number, kind=kind, times=2)
    for _ in range(2):
        got, answer = ask(client.pay, "绿茶", number, AMOUNT)
        assert (got, answer["code"]) == (status, kind)
    assert ask(client.query, out_trade_no=number)[0] == 404
    assert ask(client.pay, "绿茶", number, AMOUNT)[0] == 200


def test_an_answer_lost_after_the_effect(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    sandbox.do("/faults", operation="refund", key="R" + placed, kind="LOST_AFTER")
    amount = {"refund": 1230, "total": 1230, "currency": "CNY"}
    with pytest.raises(requests.ConnectionError):
        client.refund("R" + placed, amount, out_trade_no=placed)
    status, kept = ask(client.query_refund, "R" + placed)
    assert status == 200
    again = ask(client.refund, "R" + placed, amount, out_trade_no=placed)
    assert (again[0], again[1]["refund_id"]) == (200, kept["refund_id"])


def test_an_answer_lost_before_the_effect(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    sandbox.do("/faults", operation="close", key=placed, kind="LOST_BEFORE")
    with pytest.raises(requests.ConnectionError):
        client.close(placed)
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "NOTPAY"
    assert ask(client.close, placed)[0] == 204


def test_a_system_error_after_the_effect(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    sandbox.do("/faults", operation="close", key=placed, kind="SYSTEM_ERROR_AFTER")
    assert ask(client.close, placed)[0] == 500
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "CLOSED"


def test_a_slow_answer_is_slow(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    sandbox.do("/faults", operation="query", key=placed, kind="SLOW", seconds=3)
    client._core._timeout = (5, 0.3)
    with pytest.raises(requests.ReadTimeout):
        client.query(out_trade_no=placed)
    client._core._timeout = (5, 30)
    assert ask(client.query, out_trade_no=placed)[0] == 200


def test_what_is_no_fault_is_refused(sandbox: Any) -> None:
    for wrong in ({"operation": "prepay", "kind": "NOPE"}, {"operation": "nope", "kind": "SLOW"}):
        assert sandbox.control("POST", "/faults", wrong).status_code == 400
    late = {"operation": "prepay", "kind": "SLOW", "seconds": "soon"}
    assert sandbox.control("POST", "/faults", late).status_code == 400
