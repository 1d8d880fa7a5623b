"""Only what the merchant itself signed, lately and once, is listened to.

Here the `openssl` command signs and verifies, independently of the sandbox and of the client library.
"""

import base64
import json
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

Raw = Callable[..., tuple[int, dict[str, Any]]]
Sign = Callable[..., dict[str, str]]


def openssl_sign(key: Path, message: str) -> str:
    command = ["openssl", "dgst", "-sha256", "-sign", str(key)]
    done = subprocess.run(command, input=message.encode(), capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()


@pytest.fixture
def signed(papers: dict[str, str], tmp_path: Path) -> Sign:
    """Headers for a request, signed by openssl; any part may be given otherwise."""

    def make(method: str, target: str, body: str, **other: str) -> dict[str, str]:
        key = tmp_path / "apiclient_key.pem"
        key.write_text(other.get("key", papers["merchant_private_key"]))
        at, nonce = other.get("timestamp", str(int(time.time()))), other.get("nonce", uuid.uuid4().hex)
        signature = openssl_sign(key, f"{method}\n{target}\n{at}\n{nonce}\n{body}\n")
        parts = {"mchid": papers["mchid"], "nonce_str": nonce, "signature": signature, "timestamp": at}
        parts |= {"serial_no": papers["cert_serial_no"]} | {
            k: v for k, v in other.items() if k in ("mchid", "serial_no")
        }
        fields = ",".join(f'{name}="{value}"' for name, value in parts.items())
        return {"Authorization": f"WECHATPAY2-SHA256-RSA2048 {fields}", "Content-Type": "application/json"}

    return make


@pytest.fixture
def order(papers: dict[str, str], number: str) -> str:
    """The body of a good Native order."""
    terms = {
        "appid": papers["appid"],
        "mchid": papers["mchid"],
        "description": "绿茶",
        "out_trade_no": number,
    }
    more = {"notify_url": "https://shop.example/notify", "amount": {"total": 100, "currency": "CNY"}}
    return json.dumps(terms | more, ensure_ascii=False)


NATIVE = "/v3/pay/transactions/native"


def test_a_request_signed_by_openssl_is_answered(raw: Raw, signed: Sign, order: str) -> None:
    status, answer = raw("POST", NATIVE, order.encode(), signed("POST", NATIVE, order))
    assert status == 200, answer
    assert answer["code_url"].startswith("weixin://")


@pytest.mark.parametrize("skew", [-301, 301, -86400])
def test_a_stale_or_early_timestamp_is_refused(raw: Raw, signed: Sign, order: str, skew: int) -> None:
    headers = signed("POST", NATIVE, order, timestamp=str(int(time.time()) + skew))
    status, answer = raw("POST", NATIVE, order.encode(), headers)
    assert (status, answer["code"]) == (401, "SIGN_ERROR")


def test_an_altered_body_is_refused(raw: Raw, signed: Sign, order: str) -> None:
    altered = order.replace('"total": 100', '"total": 101')
    assert altered != order
    status, answer = raw("POST", NATIVE, altered.encode(), signed("POST", NATIVE, order))
    assert (status, answer["code"]) == (401, "SIGN_ERROR")
    assert answer["detail"]["detail"]["issue"] == "sign not match"


def test_an_altered_target_is_refused(raw: Raw, signed: Sign, papers: dict[str, str]) -> None:
    target = f"/v3/pay/transactions/out-trade-no/ABCDEF?mchid={papers['mchid']}"
    status, answer = raw("GET", target.replace("ABC", "ABD"), b"", signed("GET", target, ""))
    assert (status, answer["code"]) == (401, "SIGN_ERROR")
    status, answer = raw("GET", target, b"", signed("GET", target, ""))
    assert (status, answer["code"]) == (404, "ORDER_NOT_EXIST")


def test_another_key_serial_or_merchant_is_refused(raw: Raw, signed: Sign, order: str, sandbox: Any) -> None:
    other = sandbox.do("/merchants")
    for wrong in (
        {"key": other["merchant_private_key"]},
        {"serial_no": other["cert_serial_no"]},
        {"mchid": other["mchid"], "serial_no": other["cert_serial_no"]},
        {"mchid": "1900000000"},
    ):
        status, answer = raw("POST", NATIVE, order.encode(), signed("POST", NATIVE, order, **wrong))
        assert (status, answer["code"]) == (401, "SIGN_ERROR"), wrong


def test_a_replayed_nonce_is_refused(raw: Raw, signed: Sign, order: str) -> None:
    headers = signed("POST", NATIVE, order)
    assert raw("POST", NATIVE, order.encode(), headers)[0] == 200
    status, answer = raw("POST", NATIVE, order.encode(), headers)
    assert (status, answer["code"]) == (401, "SIGN_ERROR")
    assert "nonce" in answer["message"]


def test_a_nonce_is_not_spent_by_a_bad_signature(raw: Raw, signed: Sign, order: str) -> None:
    headers = signed("POST", NATIVE, order)
    assert raw("POST", NATIVE, b"{}", headers)[0] == 401
    assert raw("POST", NATIVE, order.encode(), headers)[0] == 200


@pytest.mark.parametrize(
    "header", ["", "Basic abc", "WECHATPAY2-SHA256-RSA2048 ", 'WECHATPAY2-SHA256-RSA2048 mchid="1"']
)
def test_a_malformed_header_is_refused(raw: Raw, order: str, header: str) -> None:
    status, answer = raw("POST", NATIVE, order.encode(), {"Authorization": header})
    assert (status, answer["code"]) == (401, "SIGN_ERROR")


@pytest.mark.parametrize("asked", ["platform_public_key_id", "platform_certificate_serial", None])
def test_every_answer_is_signed_with_the_key_asked_for(
    sandbox: Any, signed: Sign, order: str, papers: dict[str, str], tmp_path: Path, asked: str | None
) -> None:
    headers = signed("POST", NATIVE, order)
    serial = papers[asked or "platform_certificate_serial"]
    headers |= {"Wechatpay-Serial": serial} if asked else {}
    for code in (200, 401):  # the second is a replay
        answer = httpx.post(f"{sandbox.gateway}{NATIVE}", content=order.encode(), headers=headers)
        assert answer.status_code == code
        assert answer.headers["Wechatpay-Serial"] == serial
        assert openssl_verifies(
            _public_key(papers, serial, tmp_path), answer.headers, answer.content, tmp_path
        )
        assert not openssl_verifies(_public_key(papers, serial, tmp_path), answer.headers, b"{}", tmp_path)


def _public_key(papers: dict[str, str], serial: str, tmp_path: Path) -> Path:
    path = tmp_path / "platform.pem"
    path.write_text(papers["platform_public_key"])
    if serial == papers["platform_certificate_serial"]:
        command = ["openssl", "x509", "-pubkey", "-noout"]
        done = subprocess.run(
            command, input=papers["platform_certificate"].encode(), capture_output=True, check=True
        )
        path.write_bytes(done.stdout)
    return path


def openssl_verifies(key: Path, headers: httpx.Headers, body: bytes, tmp_path: Path) -> bool:
    signature = tmp_path / "signature"
    signature.write_bytes(base64.b64decode(headers["Wechatpay-Signature"]))
    message = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
    command = ["openssl", "dgst", "-sha256", "-verify", str(key), "-signature", str(signature)]
    return subprocess.run(command, input=message, capture_output=True, check=False).returncode == 0
