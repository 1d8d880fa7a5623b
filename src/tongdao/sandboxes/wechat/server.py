"""Carries requests over HTTP/1.1 to the calls, the pages, the scripts and the controls."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tongdao.sandboxes.wechat import api, control, pages, scripts
from tongdao.sandboxes.wechat.faults import Dropped
from tongdao.sandboxes.wechat.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.messages import Answer, Request, json_answer

MOST_BODY_BYTES = 1 << 20


class Server(ThreadingHTTPServer):
    """A thread per connection; when closed it waits for none of them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    sandbox: Sandbox

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)

    def answer(self, request: Request) -> Answer:
        """Route by the first part of the path."""
        if request.path == "/healthz":
            return json_answer(200, {"status": "ok"})
        if request.path.startswith("/_control/"):
            return control.handle(self.sandbox, request)
        if request.path.startswith(("/sns/", "/cgi-bin/")):
            return api.handle(self.sandbox, request)
        return scripts.handle(self.sandbox, request) or pages.handle(self.sandbox, request)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "tongdao-wechat-sandbox"
    sys_version = ""
    timeout = 75
    server: Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Requests are not logged: their URLs carry codes and secrets."""

    def do_GET(self) -> None:
        """Any method: read, answer."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit() or int(length) > MOST_BODY_BYTES:
            self.close_connection = True
            self._send(json_answer(413, {"message": "too long, or of unknown length"}))
            return
        body = self.rfile.read(int(length))
        try:
            self._send(self.server.answer(Request(self.command, self.path, self.headers, body)))
        except (Dropped, ConnectionError, TimeoutError):
            self.close_connection = True

    do_POST = do_GET  # noqa: N815 (the base class names it so)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
