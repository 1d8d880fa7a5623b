"""The sandbox as its users have it: a process of its own, reached over HTTP, pushing to a server of ours."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

PATIENCE = 30.0


def openssl_md5(text: str) -> str:
    """The signature by a hand that is not ours."""
    command = ["openssl", "dgst", "-md5", "-r"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode().split()[0].upper()


class Sandbox:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[str] | None = None

    def start(self, pace: float = 0, speed: float = 60) -> None:
        command = [sys.executable, "-m", "tongdao.sandboxes.carrier", "--port", "0", "--data", str(self.data)]
        command += ["--pace", str(pace), "--speed", str(speed)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline().strip()
        self.port = int(self.ready.rpartition(":")[2])
        self.account = json.loads((self.data / "account.json").read_text())
        self.token = (self.data / "control.token").read_text().strip()

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        os.kill(self.process.pid, how)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return code

    def call(self, verb: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request(verb, path, body.encode(), headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()

    def form(self, path: str, **fields: str) -> dict[str, Any]:
        status, reply = self.call("POST", path, urlencode(fields))
        assert status == 200
        found: dict[str, Any] = json.loads(reply)
        return found

    def control(self, name: str, **wanted: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self.token}"}
        status, reply = self.call("POST", f"/control/{name}", json.dumps(wanted), **bearer)
        assert status == 200, reply
        return json.loads(reply)

    def list(self, what: str) -> list[dict[str, Any]]:
        status, reply = self.call("GET", f"/control/{what}", Authorization=f"Bearer {self.token}")
        assert status == 200, reply
        found: list[dict[str, Any]] = json.loads(reply)
        return found

    def label(self, method: str, param: dict[str, Any], /, **changed: str) -> dict[str, Any]:
        text, t = json.dumps(param, ensure_ascii=False), "1576123932000"
        sign = openssl_md5(text + t + self.account["key"] + self.account["secret"])
        fields = {"key": self.account["key"], "t": t, "param": text, "sign": sign} | changed
        return self.form(f"/label/order?method={method}", **fields)

    def order_param(self, order_id: str = "P-1", company: str = "zhongtong") -> dict[str, Any]:
        return {
            "printType": "HTML",
            "partnerId": self.account["partner_id"],
            "kuaidicom": company,
            "recMan": {
                "name": "张三丰",
                "mobile": "13912345678",
                "printAddr": "广东省深圳市南山区科技南十二路2号",
            },
            "sendMan": {"name": "李四", "mobile": "13787654321", "printAddr": "浙江省杭州市西湖区文一路1号"},
            "cargo": "茶叶",
            "payType": "SHIPPER",
            "orderId": order_id,
        }

    def ordered(self, order_id: str = "P-1", company: str = "zhongtong") -> dict[str, Any]:
        reply = self.label("order", self.order_param(order_id, company))
        assert reply["success"] is True, reply
        data: dict[str, Any] = reply["data"]
        return data

    def subscribe(self, number: str, url: str, company: str = "zhongtong", **changed: Any) -> dict[str, Any]:
        parameters = {"callbackurl": url, "salt": "salt-of-ours", "resultv2": "4"} | changed
        param = {"company": company, "number": number, "key": self.account["key"], "parameters": parameters}
        return self.form("/poll", schema="json", param=json.dumps(param))

    def query(self, number: str, company: str = "zhongtong", **more: str) -> dict[str, Any]:
        text = json.dumps({"com": company, "num": number} | more)
        sign = openssl_md5(text + self.account["key"] + self.account["customer"])
        return self.form("/poll/query.do", customer=self.account["customer"], sign=sign, param=text)


class Follower:
    """A callback address: keeps what it is sent, says what it is told to say."""

    def __init__(self) -> None:
        self.received: queue.Queue[dict[str, str]] = queue.Queue()
        self.taking = True
        follower = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                follower.received.put({name: values[0] for name, values in parse_qs(text).items()})
                reply = {"result": True, "returnCode": "200", "message": "成功"}
                if not follower.taking:
                    reply = {"result": False, "returnCode": "500", "message": "失败"}
                body = json.dumps(reply).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callbacks/carrier/abc?x=1"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def next(self) -> dict[str, Any]:
        """The next push's param, its signature checked by openssl against the salt."""
        form = self.received.get(timeout=PATIENCE)
        assert form["sign"] == openssl_md5(form["param"] + "salt-of-ours")
        param: dict[str, Any] = json.loads(form["param"])
        return param

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def eventually(found: Any) -> None:
    """Wait until the call is true."""
    ends = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < ends, "did not happen"
        time.sleep(0.05)


@pytest.fixture
def wait_until() -> Any:
    return eventually


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path / "carrier")
    made.start()
    yield made
    if made.process is not None:
        made.end(signal.SIGKILL)


@pytest.fixture
def follower() -> Iterator[Follower]:
    made = Follower()
    yield made
    made.close()
