"""Notifications as they come in reality: again until acknowledged, late, twice, never, out of order.

Their encryption is undone here without any AEAD library: counter mode by `openssl`, GHASH by hand.
"""

import base64
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from wechatpayv3 import WeChatPay

Ask = Callable[..., tuple[int, dict[str, Any]]]


def _openssl(cipher: str, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    command = ["openssl", "enc", f"-{cipher}", "-K", key.hex(), "-nopad", *(["-iv", iv.hex()] if iv else [])]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def _times(x: int, y: int) -> int:
    """Multiplication in GF(2^128) as NIST SP 800-38D section 6.3 defines it."""
    z = 0
    for bit in range(127, -1, -1):
        z ^= x if y >> bit & 1 else 0
        x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
    return z


def gcm_open(key: bytes, nonce: bytes, aad: bytes, sealed: bytes) -> bytes:
    """AES-256-GCM decryption by NIST SP 800-38D, section 7.2; fails if the tag is wrong."""
    text, tag = sealed[:-16], sealed[-16:]
    h = int.from_bytes(_openssl("aes-256-ecb", key, bytes(16)))
    lengths = (len(aad) * 8).to_bytes(8) + (len(text) * 8).to_bytes(8)
    y = 0
    for part in (aad, text, lengths):
        for start in range(0, len(part), 16):
            y = _times(h, y ^ int.from_bytes(part[start : start + 16].ljust(16, b"\0")))
    mask = int.from_bytes(_openssl("aes-256-ecb", key, nonce + b"\0\0\0\1"))
    assert (y ^ mask).to_bytes(16) == tag
    return _openssl("aes-256-ctr", key, text, nonce + b"\0\0\0\2")


def test_an_independent_decryption_reads_it(
    placed: str, papers: dict[str, str], sandbox: Any, shop: Any
) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    event = json.loads(shop.wait(1)[0][1])
    assert (event["event_type"], event["resource_type"]) == ("TRANSACTION.SUCCESS", "encrypt-resource")
    resource = event["resource"]
    assert (resource["algorithm"], resource["associated_data"]) == ("AEAD_AES_256_GCM", "transaction")
    assert resource["original_type"] == "transaction"
    sealed = base64.b64decode(resource["ciphertext"])
    key, nonce = papers["apiv3_key"].encode(), resource["nonce"].encode()
    assert json.loads(gcm_open(key, nonce, b"transaction", sealed))["out_trade_no"] == placed
    with pytest.raises(AssertionError):
        gcm_open(key, nonce, b"refund", sealed)


@pytest.mark.parametrize("statuses", [[500, 404, 302]])
def test_it_comes_again_until_acknowledged(
    client: WeChatPay, placed: str, sandbox: Any, shop: Any, statuses: list[int]
) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    events = [client.callback(*each) for each in shop.wait(4)]
    assert len({event["id"] for event in events}) == 1
    assert len({headers["Wechatpay-Nonce"] for headers, _body in shop.received}) == 4
    sandbox.do("/flush", out_trade_no=placed)
    assert _notices(sandbox, placed) == [("TRANSACTION.SUCCESS", "done", 4)]
    assert len(shop.received) == 4


@pytest.mark.parametrize("statuses", [[500] * 99])
def test_it_is_given_up_after_the_schedule(placed: str, sandbox: Any, shop: Any, statuses: list[int]) -> None:
    sandbox.do("/pay", out_trade_no=placed)
    for _ in range(20):
        sandbox.do("/flush", out_trade_no=placed)
    assert _notices(sandbox, placed) == [("TRANSACTION.SUCCESS", "exhausted", 16)]


def _notices(sandbox: Any, number: str) -> list[tuple[str, str, int]]:
    rows = sandbox.control("GET", f"/notifications?out_trade_no={number}").json()["data"]
    return [(row["event_type"], row["state"], row["attempts"]) for row in rows]


def test_twice(placed: str, sandbox: Any, shop: Any) -> None:
    sandbox.do("/modes", scope="order", key=placed, mode={"notification": "twice"})
    sandbox.do("/pay", out_trade_no=placed)
    first, second = shop.wait(2)
    assert json.loads(first[1])["id"] == json.loads(second[1])["id"]
    sandbox.do("/flush", out_trade_no=placed)
    assert len(shop.received) == 2


def test_late(placed: str, sandbox: Any, shop: Any) -> None:
    sandbox.do("/modes", scope="order", key=placed, mode={"notification": "late", "late_seconds": 3600})
    sandbox.do("/pay", out_trade_no=placed)
    assert _notices(sandbox, placed) == [("TRANSACTION.SUCCESS", "pending", 0)]
    assert shop.received == []
    sandbox.do("/flush", out_trade_no=placed)
    assert shop.kinds() == ["TRANSACTION.SUCCESS"]


def test_lost_and_sent_again_by_hand(placed: str, sandbox: Any, shop: Any) -> None:
    sandbox.do("/modes", scope="order", key=placed, mode={"notification": "lost"})
    sandbox.do("/pay", out_trade_no=placed)
    assert sandbox.do("/flush", out_trade_no=placed) == {"data": []}
    assert shop.received == []
    lost = sandbox.control("GET", f"/notifications?out_trade_no={placed}").json()["data"][0]
    assert lost["state"] == "lost"
    assert sandbox.do("/resend", id=lost["id"])["state"] == "done"
    assert shop.kinds() == ["TRANSACTION.SUCCESS"]


def test_the_refund_is_told_before_the_payment(
    client: WeChatPay, placed: str, ask: Ask, sandbox: Any, shop: Any
) -> None:
    sandbox.do("/speed", speed=0.001)  # so that nothing held comes by itself
    try:
        sandbox.do("/modes", scope="order", key=placed, mode={"notification": "out_of_order"})
        sandbox.do("/pay", out_trade_no=placed)
        sandbox.do("/modes", scope="refund", key="R" + placed, mode={"notification": "normal"})
        amount = {"refund": 1230, "total": 1230, "currency": "CNY"}
        assert ask(client.refund, "R" + placed, amount, out_trade_no=placed)[0] == 200
        assert shop.received == []
        sandbox.do("/settle", out_refund_no="R" + placed, outcome="SUCCESS")
        shop.wait(2)
    finally:
        sandbox.do("/speed", speed=1000)
    assert shop.kinds() == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]


def test_two_payments_are_told_in_the_other_order(
    client: WeChatPay, placed: str, ask: Ask, sandbox: Any, shop: Any
) -> None:
    second = f"{placed}-b"
    assert ask(client.pay, "绿茶", second, {"total": 1, "currency": "CNY"})[0] == 200
    sandbox.do("/speed", speed=0.001)
    try:
        sandbox.do("/modes", scope="order", key=placed, mode={"notification": "out_of_order"})
        for number in (placed, second):
            sandbox.do("/pay", out_trade_no=number)
        events = [client.callback(*each) for each in shop.wait(2)]
    finally:
        sandbox.do("/speed", speed=1000)
    assert [event["resource"]["out_trade_no"] for event in events] == [second, placed]


def test_paying_twice_pays_and_tells_once(placed: str, sandbox: Any, shop: Any) -> None:
    first, second = (sandbox.do("/pay", out_trade_no=placed) for _ in range(2))
    assert first["transaction_id"] == second["transaction_id"]
    sandbox.do("/flush", out_trade_no=placed)
    assert len(shop.received) == 1
