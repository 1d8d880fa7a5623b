"""The sandbox in a process of its own, a shop that receives its notifications, and the real client."""

import contextlib
import http.client
import http.server
import json
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType


class SandboxProcess:
    """Starts, kills and starts again; `papers` are the demo merchant's."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "tongdao.sandboxes.wechatpay",
            "--port",
            "0",
            "--data",
            str(self.data),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready_line = self.process.stdout.readline()
        self.papers: dict[str, str] = json.loads((self.data / "merchant.json").read_text("utf-8"))
        self.gateway = self.papers["gateway"]

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def control(
        self, method: str, path: str, body: object = None, token: str | None = None
    ) -> httpx.Response:
        bearer = token or (self.data / "control.token").read_text("utf-8")
        headers = {"Authorization": f"Bearer {bearer}"}
        return httpx.request(method, f"{self.gateway}/_control{path}", json=body, headers=headers, timeout=30)

    def do(self, path: str, **body: object) -> Any:
        """A control that must succeed."""
        answer = self.control("POST", path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


class Shop:
    """Receives notifications; answers with `statuses` in turn, then with 204.

    Its address is its own: a sandbox goes on telling shops that are gone, whose port may be taken by then.
    """

    def __init__(self, statuses: list[int]) -> None:
        self.received: list[tuple[dict[str, str], str]] = []
        self._come = threading.Condition()
        self._path = f"/notify/{uuid.uuid4().hex}"
        shop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path != shop._path:
                    self.send_error(404)
                    return
                with shop._come:
                    shop.received.append((dict(self.headers.items()), body))
                    status = statuses.pop(0) if statuses else 204
                    shop._come.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
                """Be silent."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{self._path}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def wait(self, count: int) -> list[tuple[dict[str, str], str]]:
        with self._come:
            came = self._come.wait_for(lambda: len(self.received) >= count, timeout=30)
        assert came, f"{len(self.received)} of {count} notifications"
        return list(self.received)

    def wait_for(self, kind: str) -> tuple[dict[str, str], str]:
        """The first of that kind: others may come twice, or overtake it."""

        def first() -> tuple[dict[str, str], str] | None:
            return next((one for one in self.received if json.loads(one[1])["event_type"] == kind), None)

        with self._come:
            came = self._come.wait_for(first, timeout=30)
        assert came, f"no {kind} among {self.kinds()}"
        return came

    def kinds(self) -> list[str]:
        return [json.loads(body)["event_type"] for _headers, body in self.received]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One process for all tests that do not end it; each test has its own merchant."""
    process = SandboxProcess(tmp_path_factory.mktemp("wechatpay"))
    process.do("/speed", speed=1000)
    yield process
    process.stop()


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    """A process for one test, which may kill it."""
    process = SandboxProcess(tmp_path / "data")
    yield process
    if process.process.poll() is None:
        process.stop()


@pytest.fixture
def statuses() -> list[int]:
    """What the shop is to answer first."""
    return []


@pytest.fixture
def shop(statuses: list[int]) -> Iterator[Shop]:
    """A shop that listens."""
    shop = Shop(statuses)
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


@pytest.fixture
def papers(sandbox: SandboxProcess) -> dict[str, str]:
    """A fresh merchant."""
    made: dict[str, str] = sandbox.do("/merchants", name="山茶小铺")
    return made


@pytest.fixture
def connect(tmp_path: Path, shop: Shop) -> Callable[[dict[str, str]], WeChatPay]:
    """The real client library for a merchant's papers, in the mode they ask for."""

    def make(papers: dict[str, str]) -> WeChatPay:
        if papers["signing"] == "public_key":
            keys = {
                "public_key": papers["platform_public_key"],
                "public_key_id": papers["platform_public_key_id"],
            }
        else:
            (tmp_path / "certs").mkdir()
            (tmp_path / "certs" / "first.pem").write_text(papers["platform_certificate"])
            keys = {"cert_dir": str(tmp_path / "certs")}
        client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=papers["mchid"],
            private_key=papers["merchant_private_key"],
            cert_serial_no=papers["cert_serial_no"],
            appid=papers["appid"],
            apiv3_key=papers["apiv3_key"],
            notify_url=shop.url,
            timeout=(5, 30),
            **keys,
        )
        client._core._gate_way = papers["gateway"]
        return client

    return make


@pytest.fixture
def client(connect: Callable[[dict[str, str]], WeChatPay], papers: dict[str, str]) -> WeChatPay:
    """The real client in public key mode."""
    return connect(papers)


@pytest.fixture
def number() -> str:
    """An order number that no other test uses."""
    return f"T-{uuid.uuid4().hex[:24]}"


@pytest.fixture
def placed(client: WeChatPay, number: str) -> str:
    """The number of an open Native order over 12.30 yuan."""
    status, text = client.pay("云雾绿茶", number, {"total": 1230, "currency": "CNY"})
    assert status == 200, text
    return number


@pytest.fixture
def ask() -> Callable[..., tuple[int, dict[str, Any]]]:
    """Run a client call and read its answer: `ask(client.query, out_trade_no=…)`."""

    def run(
        call: Callable[..., tuple[int, str]], *args: object, **named: object
    ) -> tuple[int, dict[str, Any]]:
        status, text = call(*args, **named)
        with contextlib.suppress(ValueError):
            return status, json.loads(text)
        return status, {}

    return run


@pytest.fixture
def raw(sandbox: SandboxProcess) -> Callable[..., tuple[int, dict[str, Any]]]:
    """One request with headers as given, byte for byte."""

    def run(method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        host = httpx.URL(sandbox.gateway)
        connection = http.client.HTTPConnection(host.host, host.port, timeout=30)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()

    return run
