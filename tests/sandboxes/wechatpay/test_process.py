"""The process itself: what it makes, what it keeps through kill -9, and who may control it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
from wechatpayv3 import WeChatPay
from wechatpayv3.utils import build_authorization, load_private_key

Ask = Callable[..., tuple[int, dict[str, Any]]]
AMOUNT = {"total": 1230, "currency": "CNY"}
MODES = 0o077


def test_first_start_makes_the_papers_and_the_next_keeps_them(own_sandbox: Any) -> None:
    made = own_sandbox.papers
    assert "ready" in own_sandbox.ready_line
    assert len(made["apiv3_key"]) == 32
    assert made["platform_public_key_id"].startswith("PUB_KEY_ID_")
    for name in ("merchant.json", "control.token", "sandbox.sqlite3"):
        assert os.stat(own_sandbox.data / name).st_mode & MODES == 0, name
    token = (own_sandbox.data / "control.token").read_text()
    assert own_sandbox.stop() == 0
    own_sandbox.start()
    kept = json.loads((own_sandbox.data / "merchant.json").read_text("utf-8"))
    assert kept | {"gateway": ""} == made | {"gateway": ""}
    assert (own_sandbox.data / "control.token").read_text() == token


def test_interrupt_stops_in_order(own_sandbox: Any) -> None:
    assert httpx.get(f"{own_sandbox.gateway}/healthz").json() == {"status": "ok"}
    own_sandbox.process.send_signal(signal.SIGINT)
    assert own_sandbox.process.wait(20) == 0


def test_killed_between_payment_and_notification_it_still_notifies(
    own_sandbox: Any, connect: Callable[..., WeChatPay], number: str, ask: Ask, shop: Any, statuses: list[int]
) -> None:
    client = connect(own_sandbox.papers)
    assert ask(client.pay, "绿茶", number, AMOUNT)[0] == 200
    own_sandbox.do("/modes", scope="order", key=number, mode={"notification": "late", "late_seconds": 4})
    paid = own_sandbox.do("/pay", out_trade_no=number)
    own_sandbox.kill()
    assert shop.received == []
    own_sandbox.start()
    event = connect_again(client, own_sandbox).callback(*shop.wait(1)[0])
    assert event["resource"]["transaction_id"] == paid["transaction_id"]
    assert ask(client.query, out_trade_no=number)[1]["trade_state"] == "SUCCESS"


def connect_again(client: WeChatPay, sandbox: Any) -> WeChatPay:
    """The same client, at the address of the new process."""
    client._core._gate_way = sandbox.gateway
    return client


def test_killed_while_a_refund_is_processing_it_still_settles(
    own_sandbox: Any, connect: Callable[..., WeChatPay], number: str, ask: Ask, shop: Any
) -> None:
    client = connect(own_sandbox.papers)
    assert ask(client.pay, "绿茶", number, AMOUNT)[0] == 200
    own_sandbox.do("/pay", out_trade_no=number)
    own_sandbox.do("/modes", scope="order", key=number, mode={"refund_delay_seconds": 2})
    amount = {"refund": 1230, "total": 1230, "currency": "CNY"}
    assert ask(client.refund, "R" + number, amount, out_trade_no=number)[1]["status"] == "PROCESSING"
    own_sandbox.kill()
    own_sandbox.start()
    connect_again(client, own_sandbox)
    shop.wait(2)
    assert set(shop.kinds()) == {"TRANSACTION.SUCCESS", "REFUND.SUCCESS"}
    assert ask(client.query_refund, "R" + number)[1]["status"] == "SUCCESS"


def test_a_nonce_stays_used_after_kill(own_sandbox: Any, connect: Callable[..., WeChatPay]) -> None:
    papers = own_sandbox.papers
    connect(papers)
    sent = httpx.get(f"{papers['gateway']}/v3/certificates", headers=signed(papers))
    assert sent.status_code == 200
    headers = {"Authorization": sent.request.headers["Authorization"]}
    own_sandbox.kill()
    own_sandbox.start()
    assert httpx.get(f"{own_sandbox.gateway}/v3/certificates", headers=headers).status_code == 401


def signed(papers: dict[str, str]) -> dict[str, str]:
    """Headers of GET /v3/certificates, made by the real client's own code."""
    key = load_private_key(papers["merchant_private_key"])
    made = build_authorization("/v3/certificates", "GET", papers["mchid"], papers["cert_serial_no"], key)
    return {"Authorization": made}


def test_controls_want_the_token(sandbox: Any) -> None:
    assert sandbox.control("GET", "/info", token="wrong").status_code == 401
    assert httpx.get(f"{sandbox.gateway}/_control/orders").status_code == 401
    assert sandbox.control("GET", "/info").json()["gateway"] == sandbox.gateway
    assert sandbox.control("GET", "/nosuch").status_code == 404


def test_controls_refuse_what_makes_no_sense(sandbox: Any) -> None:
    for path, body in (
        ("/modes", {"scope": "default", "mode": {"notification": "never"}}),
        ("/modes", {"scope": "nowhere", "mode": {}}),
        ("/modes", {"scope": "default", "mode": {"late_seconds": -1}}),
        ("/speed", {"speed": 0}),
        ("/merchants", {"signing": "md5"}),
    ):
        assert sandbox.control("POST", path, body).status_code == 400, body
    assert sandbox.control("POST", "/pay", {"out_trade_no": "nosuchorder"}).status_code == 404


def test_a_huge_or_endless_body_is_refused(sandbox: Any) -> None:
    target = httpx.URL(sandbox.gateway)
    for header in (f"Content-Length: {1 << 40}", "Transfer-Encoding: chunked", "Content-Length: x"):
        with socket.create_connection((target.host, target.port), timeout=20) as line:
            line.sendall(f"POST /v3/pay/transactions/native HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
            assert b"413" in line.recv(100), header


def test_one_connection_carries_many_requests(sandbox: Any) -> None:
    with httpx.Client(base_url=sandbox.gateway) as line:
        for _ in range(3):
            assert line.get("/healthz").http_version == "HTTP/1.1"
            assert line.post("/v3/pay/transactions/native", content=b"x" * 9).status_code == 401
            assert line.put("/healthz").status_code in (200, 404)


def test_a_taken_port_is_said_plainly(sandbox: Any, tmp_path: Any) -> None:
    port = str(httpx.URL(sandbox.gateway).port)
    command = [
        sys.executable,
        "-m",
        "tongdao.sandboxes.wechatpay",
        "--port",
        port,
        "--data",
        str(tmp_path / "d"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "cannot listen" in done.stderr


def test_it_needs_nothing_else_of_tongdao() -> None:
    code = "import sys, tongdao.sandboxes.wechatpay.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = [name for name in done.stdout.split() if name.startswith("tongdao.")]
    assert "tongdao.sandboxes.wechatpay.server" in ours
    assert [name for name in ours if not name.startswith("tongdao.sandboxes")] == []
    assert "django" not in done.stdout.split()
