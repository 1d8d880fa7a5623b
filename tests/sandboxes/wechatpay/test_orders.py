"""Placing, placing again, closing: what is given back and what is refused."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

Ask = Callable[..., tuple[int, dict[str, Any]]]
AMOUNT = {"total": 1230, "currency": "CNY"}
OPENID = {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}


def test_the_same_order_again_gives_the_same_payment(client: WeChatPay, number: str, ask: Ask) -> None:
    first = ask(client.pay, "绿茶", number, AMOUNT, payer=OPENID, pay_type=WeChatPayType.JSAPI)
    assert first[0] == 200
    assert ask(client.pay, "绿茶", number, AMOUNT, payer=OPENID, pay_type=WeChatPayType.JSAPI) == first


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"total": 1231, "currency": "CNY"}},
        {"description": "红茶"},
        {"attach": "x"},
        {"time_expire": "2099-06-08T10:34:56+08:00"},
        {"pay_type": WeChatPayType.JSAPI, "payer": OPENID},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_number_with_other_terms_is_refused(
    client: WeChatPay, placed: str, ask: Ask, change: dict[str, Any]
) -> None:
    terms = {"description": "云雾绿茶", "out_trade_no": placed, "amount": AMOUNT} | change
    status, answer = ask(client.pay, **terms)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST")


def test_a_paid_order_is_neither_placed_again_nor_closed(
    client: WeChatPay, placed: str, ask: Ask, sandbox: Any
) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    for status, answer in (ask(client.pay, "云雾绿茶", placed, AMOUNT), ask(client.close, placed)):
        assert (status, answer["code"]) == (400, "ORDERPAID")


def test_a_closed_order_is_neither_placed_closed_nor_paid_again(
    client: WeChatPay, placed: str, ask: Ask, sandbox: Any
) -> None:
    assert ask(client.close, placed)[0] == 204
    for status, answer in (ask(client.pay, "云雾绿茶", placed, AMOUNT), ask(client.close, placed)):
        assert (status, answer["code"]) == (400, "ORDER_CLOSED")
    refused = sandbox.control("POST", "/pay", {"out_trade_no": placed})
    assert (refused.status_code, refused.json()["code"]) == (400, "ORDER_CLOSED")


def test_an_order_past_its_end_cannot_be_paid(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    with sqlite3.connect(sandbox.data / "sandbox.sqlite3", timeout=30) as kept:
        kept.execute("update orders set expires_at = 1 where out_trade_no = ?", (placed,))
    refused = sandbox.control("POST", "/pay", {"out_trade_no": placed})
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "NOTPAY"
    assert ask(client.close, placed)[0] == 204


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("out_trade_no", "12345"),
        ("out_trade_no", "x" * 33),
        ("out_trade_no", "no spaces"),
        ("out_trade_no", "ABCDEF\n"),
        ("description", "茶" * 128),
        ("amount", {"total": 0, "currency": "CNY"}),
        ("amount", {"total": 1.5, "currency": "CNY"}),
        ("amount", {"total": "100", "currency": "CNY"}),
        ("amount", {"total": True, "currency": "CNY"}),
        ("amount", {"total": 100, "currency": "USD"}),
        ("amount", [100]),
        ("notify_url", "ftp://shop.example/notify"),
        ("notify_url", "https://shop.example/notify?a=1"),
        ("notify_url", "https://[/"),
        ("time_expire", "2099-06-08 10:34:56"),
        ("time_expire", "2099-06-08T10:34:56"),
        ("attach", "x" * 129),
        ("attach", "\ud800"),
        ("mchid", "1900000000"),
    ],
)
def test_malformed_terms_are_refused(
    client: WeChatPay, number: str, ask: Ask, field: str, value: object
) -> None:
    terms = {"description": "绿茶", "out_trade_no": number, "amount": AMOUNT} | {field: value}
    status, answer = ask(client.pay, **terms)
    assert (status, answer["code"]) == (400, "PARAM_ERROR")
    assert answer["detail"]["field"].startswith(f"/{field}")


def test_another_appid_is_refused(client: WeChatPay, number: str, ask: Ask) -> None:
    status, answer = ask(client.pay, "绿茶", number, AMOUNT, appid="wx0000000000000000")
    assert (status, answer["code"]) == (400, "APPID_MCHID_NOT_MATCH")


@pytest.mark.parametrize(
    ("way", "more", "missing"),
    [
        (WeChatPayType.JSAPI, {"payer": {"unionid": "x"}}, "/payer/openid"),
        (WeChatPayType.H5, {"scene_info": {"payer_client_ip": "192.0.2.7"}}, "/scene_info/h5_info/type"),
        (WeChatPayType.H5, {"scene_info": {"h5_info": {"type": "Wap"}}}, "/scene_info/payer_client_ip"),
    ],
)
def test_each_way_wants_what_it_needs(
    client: WeChatPay, number: str, ask: Ask, way: WeChatPayType, more: dict[str, Any], missing: str
) -> None:
    status, answer = ask(client.pay, "绿茶", number, AMOUNT, pay_type=way, **more)
    assert (status, answer["code"], answer["detail"]["field"]) == (400, "PARAM_ERROR", missing)


def test_one_merchant_does_not_see_anothers_order(
    connect: Callable[..., WeChatPay], placed: str, ask: Ask, sandbox: Any
) -> None:
    stranger = connect(sandbox.do("/merchants"))
    for call in (stranger.close, lambda no: stranger.query(out_trade_no=no)):
        status, answer = ask(call, placed)
        assert (status, answer["code"]) == (404, "ORDER_NOT_EXIST")


def test_a_race_between_closing_and_paying(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    sandbox.do("/modes", scope="order", key=placed, mode={"close_race": "paid_before_close"})
    status, answer = ask(client.close, placed)
    assert (status, answer["code"]) == (400, "ORDERPAID")
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "SUCCESS"


def test_a_payer_who_was_already_typing_pays_a_closed_order(
    client: WeChatPay, placed: str, ask: Ask, sandbox: Any, shop: Any
) -> None:
    sandbox.do("/modes", scope="order", key=placed, mode={"close_race": "paid_after_close"})
    assert ask(client.close, placed)[0] == 204
    sandbox.do("/pay", out_trade_no=placed)
    assert client.callback(*shop.wait(1)[0])["event_type"] == "TRANSACTION.SUCCESS"
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "SUCCESS"
