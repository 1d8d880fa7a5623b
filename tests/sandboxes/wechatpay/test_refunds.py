"""Refunds never exceed what was paid, whatever is asked, however often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from wechatpayv3 import WeChatPay

Ask = Callable[..., tuple[int, dict[str, Any]]]


def part(fen: int, total: int = 1230) -> dict[str, Any]:
    return {"refund": fen, "total": total, "currency": "CNY"}


@pytest.fixture
def paid(placed: str, sandbox: Any) -> str:
    """The number of an order over 1230 fen, paid."""
    sandbox.do("/pay", out_trade_no=placed)
    return placed


def test_parts_add_up_to_the_whole_and_no_further(client: WeChatPay, paid: str, ask: Ask) -> None:
    assert ask(client.refund, f"{paid}-1", part(1000), out_trade_no=paid)[0] == 200
    status, answer = ask(client.refund, f"{paid}-2", part(231), out_trade_no=paid)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST")
    assert ask(client.refund, f"{paid}-3", part(230), out_trade_no=paid)[0] == 200
    status, answer = ask(client.refund, f"{paid}-4", part(1), out_trade_no=paid)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST")


def test_many_at_once_do_not_exceed_the_whole(client: WeChatPay, paid: str, ask: Ask) -> None:
    def one(n: int) -> int:
        return ask(client.refund, f"{paid}-{n}", part(400), out_trade_no=paid)[0]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(8))) == [200] * 3 + [400] * 5


def test_the_same_refund_again_is_the_same(client: WeChatPay, paid: str, ask: Ask) -> None:
    first = ask(client.refund, f"{paid}-1", part(1230), out_trade_no=paid)
    assert first[0] == 200
    again = ask(client.refund, f"{paid}-1", part(1230), out_trade_no=paid)
    assert again[1]["refund_id"] == first[1]["refund_id"]


def test_the_same_number_with_another_amount_is_refused(client: WeChatPay, paid: str, ask: Ask) -> None:
    assert ask(client.refund, f"{paid}-1", part(100), out_trade_no=paid)[0] == 200
    status, answer = ask(client.refund, f"{paid}-1", part(200), out_trade_no=paid)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST")


def test_refunds_by_transaction_id(client: WeChatPay, paid: str, ask: Ask) -> None:
    transaction_id = ask(client.query, out_trade_no=paid)[1]["transaction_id"]
    status, refund = ask(client.refund, f"{paid}-1", part(5), transaction_id=transaction_id)
    assert (status, refund["out_trade_no"]) == (200, paid)


def test_what_cannot_be_refunded(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    status, answer = ask(client.refund, f"{placed}-1", part(1), out_trade_no=placed)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST"), "unpaid"
    status, answer = ask(client.refund, f"{placed}-1", part(1), out_trade_no="nosuchorder")
    assert (status, answer["code"]) == (404, "RESOURCE_NOT_EXISTS")
    sandbox.do("/pay", out_trade_no=placed)
    status, answer = ask(client.refund, f"{placed}-1", part(1, total=1231), out_trade_no=placed)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST"), "another total"
    status, answer = ask(client.query_refund, f"{placed}-1")
    assert (status, answer["code"]) == (404, "RESOURCE_NOT_EXISTS")


@pytest.mark.parametrize(
    "amount", [part(0), part(-1), {"refund": 1.5, "total": 1230, "currency": "CNY"}, {}, 7]
)
def test_malformed_amounts_are_refused(client: WeChatPay, paid: str, ask: Ask, amount: object) -> None:
    status, answer = ask(client.refund, f"{paid}-1", amount or {"refund": None}, out_trade_no=paid)
    assert (status, answer["code"]) == (400, "PARAM_ERROR")


@pytest.mark.parametrize("outcome", ["ABNORMAL", "CLOSED"])
def test_a_refund_may_go_wrong(
    client: WeChatPay, paid: str, ask: Ask, sandbox: Any, shop: Any, outcome: str
) -> None:
    sandbox.do("/modes", scope="refund", key=f"{paid}-1", mode={"refund_outcome": outcome})
    assert ask(client.refund, f"{paid}-1", part(1230), out_trade_no=paid)[1]["status"] == "PROCESSING"
    sandbox.do("/flush", out_trade_no=paid)
    assert ask(client.query_refund, f"{paid}-1")[1]["status"] == outcome
    event = client.callback(*shop.wait_for(f"REFUND.{outcome}"))
    assert event["event_type"] == f"REFUND.{outcome}"
    assert "success_time" not in event["resource"]


def test_a_closed_refund_gives_its_amount_back_an_abnormal_one_does_not(
    client: WeChatPay, paid: str, ask: Ask, sandbox: Any
) -> None:
    sandbox.do("/modes", scope="order", key=paid, mode={"refund_delay_seconds": 3600})
    assert ask(client.refund, f"{paid}-1", part(1230), out_trade_no=paid)[0] == 200
    sandbox.do("/settle", out_refund_no=f"{paid}-1", outcome="ABNORMAL")
    assert ask(client.refund, f"{paid}-2", part(1), out_trade_no=paid)[0] == 400
    sandbox.do("/settle", out_refund_no=f"{paid}-1", outcome="CLOSED")
    assert ask(client.refund, f"{paid}-2", part(1230), out_trade_no=paid)[0] == 200


def test_a_refund_settles_by_itself(client: WeChatPay, paid: str, ask: Ask, sandbox: Any, shop: Any) -> None:
    sandbox.do("/modes", scope="order", key=paid, mode={"refund_delay_seconds": 0})
    assert ask(client.refund, f"{paid}-1", part(1230), out_trade_no=paid)[0] == 200
    shop.wait(2)
    assert sorted(shop.kinds()) == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]
