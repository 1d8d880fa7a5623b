"""Carries requests over HTTP/1.1 with keep-alive to the API, the controls and the pages."""

import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tongdao.sandboxes.wechatpay import api, control, pages
from tongdao.sandboxes.wechatpay.control import Controls
from tongdao.sandboxes.wechatpay.faults import Dropped
from tongdao.sandboxes.wechatpay.messages import Answer, Request, json_answer

MOST_BODY_BYTES = 1 << 20
_log = logging.getLogger("tongdao.sandboxes.wechatpay")


class Server(ThreadingHTTPServer):
    """A thread per connection; counts what is being answered so that a stop can wait for it."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int]) -> None:
        self.controls: Controls | None = None
        self._busy = 0
        self._lock = threading.Lock()
        super().__init__(address, Handler)

    def count(self, change: int) -> None:
        """One more, or one fewer, being answered."""
        with self._lock:
            self._busy += change

    def drain(self, seconds: float) -> None:
        """Wait until nothing is being answered, but no longer than `seconds`."""
        end = time.monotonic() + seconds
        while self._busy and time.monotonic() < end:
            time.sleep(0.02)

    def answer(self, request: Request) -> Answer:
        """Route by the first part of the path."""
        assert self.controls is not None
        if request.path == "/healthz":
            alive = self.controls.dispatcher.alive
            return json_answer(200 if alive else 500, {"status": "ok" if alive else "dispatcher has died"})
        if request.path.startswith("/_control/"):
            return control.handle(self.controls, request)
        if request.path.startswith("/v3/"):
            return api.handle(self.controls.sandbox, request)
        return pages.handle(self.controls.sandbox, request)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "tongdao-wechatpay-sandbox"
    sys_version = ""
    timeout = 75
    server: Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Requests are not logged: their URLs carry payers' tokens."""

    def _read(self) -> bytes | None:
        """The body, or None if it is not to be had."""
        length = self.headers.get("Content-Length", "0")
        chunked = "Transfer-Encoding" in self.headers
        if chunked or not length.isdigit() or int(length) > MOST_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _serve(self) -> None:
        body = self._read()
        if body is None:
            self.close_connection = True
            self._send(json_answer(413, {"code": "PARAM_ERROR", "message": "请求包体过大或长度不明"}))
            return
        try:
            answer = self.server.answer(Request(self.command, self.path, self.headers, body))
        except Dropped:
            self.close_connection = True
            return
        self._send(answer)

    def do_GET(self) -> None:
        """Any method: read, answer, and be counted meanwhile."""
        self.server.count(1)
        try:
            self._serve()
        except (ConnectionError, TimeoutError) as error:
            _log.info("caller went away: %s", error)
            self.close_connection = True
        finally:
            self.server.count(-1)

    do_POST = do_GET  # noqa: N815 (the base class names them so)
    do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 (likewise)
