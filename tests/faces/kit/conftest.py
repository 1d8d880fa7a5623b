"""The kitchen served on a free port, with the real security policy, without a database."""

from __future__ import annotations

import socketserver
import threading
import wsgiref.simple_server as simple
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser

from tests.support.browsing import chromium_at


class _Server(socketserver.ThreadingMixIn, simple.WSGIServer):
    daemon_threads = True


class _Quiet(simple.WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: the tests read the pages, not the log."""


@pytest.fixture(autouse=True)
def kitchen_settings(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.faces.kit.kitchen_urls"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.MIDDLEWARE = [
        "tongdao.config.middleware.content_security_policy",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]


@pytest.fixture
def kitchen(kitchen_settings: None) -> Iterator[str]:
    """Base address of the kitchen."""
    server = simple.make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/_kitchen/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Closed with its module: Playwright's event loop would stay in this thread for all later tests."""
    with chromium_at(chromium) as opened:
        yield opened
