"""The door: HTTP in, the right function, JSON out."""

from __future__ import annotations

import hmac
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult, parse_qsl, urlsplit

from tongdao.sandboxes.carrier import control
from tongdao.sandboxes.carrier.app import App, Json
from tongdao.sandboxes.carrier.following import subscribe
from tongdao.sandboxes.carrier.labels import label_order
from tongdao.sandboxes.carrier.query import query
from tongdao.sandboxes.carrier.replies import Refused
from tongdao.sandboxes.carrier.waybill import waybill

_LARGEST_BODY = 1 << 20


class CarrierServer(ThreadingHTTPServer):
    """Answers each request in a thread of its own and, when closed, waits for those under way."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App) -> None:
        self.app = app
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: CarrierServer
    server_version = "carrier-sandbox"
    timeout = 30

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/healthz":
            self._json(HTTPStatus.OK, {"status": "ok"})
        elif where.path.startswith("/control/"):
            self._control(where)
        elif where.path.startswith("/label/") and where.path.endswith(".html"):
            self._page(waybill(self.server.app, where.path.removeprefix("/label/").removesuffix(".html")))
        else:
            self._json(HTTPStatus.NOT_FOUND, {"message": "not found"})

    def do_POST(self) -> None:
        where = urlsplit(self.path)
        text = self._body()
        if text is None:
            self._json(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": "at most 1 MiB, with a length"})
        elif where.path.startswith("/control/"):
            self._control(where, text)
        else:
            self._protocol(where, text)

    def _body(self) -> str | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LARGEST_BODY:
            return None
        return self.rfile.read(int(length)).decode("utf-8", "replace")

    def _protocol(self, where: SplitResult, text: str) -> None:
        form = dict(parse_qsl(where.query, keep_blank_values=True))
        form |= dict(parse_qsl(text, keep_blank_values=True))
        app = self.server.app
        try:
            if where.path == "/label/order":
                self._json(HTTPStatus.OK, label_order(app, form, f"http://{self.headers.get('Host', '')}"))
            elif where.path == "/poll":
                self._json(HTTPStatus.OK, subscribe(app, form))
            elif where.path == "/poll/query.do":
                self._json(HTTPStatus.OK, query(app, form))
            else:
                self._json(HTTPStatus.NOT_FOUND, {"message": "not found"})
        except Refused as refused:
            self._json(HTTPStatus.OK, refused.reply)

    def _control(self, where: SplitResult, text: str | None = None) -> None:
        right = f"Bearer {self.server.app.account.control_token}".encode()
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), right):
            self._json(HTTPStatus.UNAUTHORIZED, {"message": "the control token is needed"})
            return
        try:
            self._json(HTTPStatus.OK, self._controlled(where, text))
        except control.BadControl as bad:
            self._json(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(bad)})

    def _controlled(self, where: SplitResult, text: str | None) -> Json | list[Json]:
        app, name = self.server.app, where.path.removeprefix("/control/")
        if text is None and name == "parcels":
            return control.parcels(app)
        if text is None and name == "pushes":
            return control.pushes(app, dict(parse_qsl(where.query)).get("number"))
        if text is None or name not in control.ACTIONS:
            raise control.BadControl("no such control")
        try:
            wanted = json.loads(text or "{}")
        except ValueError:
            raise control.BadControl("the body is not JSON") from None
        if not isinstance(wanted, dict):
            raise control.BadControl("the body is not an object")
        return control.ACTIONS[name](app, wanted)

    def _json(self, status: HTTPStatus, reply: Json | list[Json]) -> None:
        self._send(status, "application/json;charset=UTF-8", json.dumps(reply, ensure_ascii=False))

    def _page(self, page: str | None) -> None:
        if page is None:
            self._json(HTTPStatus.NOT_FOUND, {"message": "not found"})
        else:
            self._send(HTTPStatus.OK, "text/html;charset=UTF-8", page)

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing: requests carry addresses and phone numbers."""
