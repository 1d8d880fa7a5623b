"""The carrier sandbox as a process of its own, the address that it pushes to, and a line that can be cut."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
from django.db import connections

from tongdao.trade.shipping.callbacks import take_push
from tongdao.trade.shipping.gateway import Access


class CarrierSandbox:
    """Moves parcels only when told to (pace 0). A restart keeps its port and its parcels."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        argv = [sys.executable, "-m", "tongdao.sandboxes.carrier", "--port", str(self.port), "--pace", "0"]
        self.process = subprocess.Popen(
            [*argv, "--data", str(self.data), "--speed", "100000"], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().strip().rpartition(":")[2])

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None and self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def access(self, **changed: str) -> Access:
        account = json.loads((self.data / "account.json").read_text()) | {"url": self.url} | changed
        return Access(**account)

    def control(self, name: str, **wanted: Any) -> Any:
        return self._call("POST", name, wanted)

    def parcels(self, reference: str) -> list[dict[str, Any]]:
        """What it holds under one of our references."""
        return [each for each in self._call("GET", "parcels") if each["order_id"] == reference]

    def _call(self, verb: str, name: str, wanted: object = None) -> Any:
        token = (self.data / "control.token").read_text().strip()
        bearer = {"Authorization": f"Bearer {token}"}
        url = f"{self.url}/control/{name}"
        answer = httpx.request(verb, url, json=wanted, headers=bearer, timeout=60, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name http.server gives it
        """Say nothing."""

    def do_POST(self) -> None:
        self.answer(self.body())

    def answer(self, body: str) -> None:
        raise AssertionError("each handler answers in its own way")

    def body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def reply(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


class Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, handler: type[Quiet]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


class Endpoint(Server):
    """The callback address: hands each push to `take_push` and keeps (token, form, status)."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], int]] = []
        super().__init__(_Push)

    def pushes(self, token: str) -> list[dict[str, str]]:
        return [form for where, form, _ in self.taken if where == token]

    def statuses(self, token: str) -> list[int]:
        return [status for where, _, status in self.taken if where == token]


class _Push(Quiet):
    server: Endpoint

    def answer(self, body: str) -> None:
        form = {name: values[0] for name, values in parse_qs(body).items()}
        token = self.path.rpartition("/")[2]
        try:
            status, said = take_push(token, form)
        finally:
            connections.close_all()
        self.server.taken.append((token, form, status))
        self.reply(status, json.dumps(said))


class CutLine(Server):
    """Stands between a program and the sandbox, and kills the program at one call, before or after it."""

    def __init__(self, sandbox: CarrierSandbox, path: str, moment: str) -> None:
        self.sandbox, self.path, self.moment = sandbox, path, moment
        self.victim: subprocess.Popen[bytes] | None = None
        self.armed = threading.Event()
        self.cuts = 0
        super().__init__(_Forward)

    def cut(self, path: str, moment: str) -> bool:
        if (path, moment) != (self.path, self.moment) or not self.armed.wait(30) or self.victim is None:
            return False
        self.victim.kill()
        self.victim.wait()
        self.victim = None
        self.cuts += 1
        return True


class _Forward(Quiet):
    server: CutLine

    def answer(self, body: str) -> None:
        path = self.path.partition("?")[0]
        if self.server.cut(path, "before"):
            return
        kind = {"Content-Type": self.headers["Content-Type"]}
        url = self.server.sandbox.url + self.path
        said = httpx.post(url, content=body, headers=kind, timeout=60, trust_env=False)
        if not self.server.cut(path, "after"):
            self.reply(said.status_code, said.text)
