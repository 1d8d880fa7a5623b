"""The shop on a port, and a phone's browser that takes note of every complaint."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import BrowserContext, Page

SCREEN = {"width": 390, "height": 844}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            super().finish_request(request, client_address)
        finally:
            connections.close_all()


@contextmanager
def on_a_port() -> Iterator[str]:
    """The address at which the shop answers."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threaded, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class Visit:
    """A page with everything that the browser complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def to_checkout(self, address: str) -> None:
        self.page.goto(address)
        self.page.get_by_role("link", name="立即购买").click()
        self.page.get_by_role("button", name="立即购买").click()
        self.page.wait_for_url("**/checkout?**")
        self.page.fill("[name=recipient]", "林小满")
        self.page.fill("[name=phone]", "13812345678")
        self.page.fill("[name=detail]", "文三路 90 号")
