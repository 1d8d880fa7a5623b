"""The sandboxes' own controls, through the desk: what runs is told, what does not is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.faces.operator.support import REASON, Someone, at
from tongdao.foundation.models import OperatorDeed


class Listening(BaseHTTPRequestHandler):
    """Speaks as much of the carrier sandbox's control as the desk asks for, and keeps what it was told."""

    told: list[tuple[str, Any, str]] = []

    def _answer(self, body: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:
        parcel = {"number": "YT7700", "company": "yuantong", "phase": "moving", "position": 1, "steps": 6}
        self._answer([parcel] if self.path == "/control/parcels" else [])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Listening.told.append((self.path, body, self.headers["Authorization"]))
        self._answer({"moved": 1})

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def carrier(settings: Any, tmp_path: Path) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Listening)
    Thread(target=server.serve_forever, daemon=True).start()
    token = tmp_path / "sandboxes" / "carrier" / "control.token"
    token.parent.mkdir(parents=True)
    token.write_text("hand-on-it")
    settings.TONGDAO_DATA = tmp_path
    settings.ENV = replace(settings.ENV, carrier_url=f"http://127.0.0.1:{server.server_port}", sandboxes=True)
    Listening.told.clear()
    yield server
    server.shutdown()
    server.server_close()


def test_it_shows_and_tells(operator: Someone, carrier: HTTPServer) -> None:
    browser = operator.browser()
    assert "YT7700" in browser.get(at("sandbox", "carrier")).content.decode()
    url, before = at("sandbox_command", "carrier", "advance"), OperatorDeed.objects.count()
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": REASON, "steps": "0"}).status_code == 422
    assert browser.post(url, {"reason": "", "steps": "2"}).status_code == 422
    assert Listening.told == [] and OperatorDeed.objects.count() == before
    assert browser.post(url, {"reason": REASON, "steps": "2"}).status_code == 302
    assert Listening.told == [("/control/advance", {"steps": 2}, "Bearer hand-on-it")]
    deed = OperatorDeed.objects.latest("id")
    assert (deed.act, deed.subject_id, deed.details) == ("sandbox.command", "carrier", {"command": "advance"})


def test_one_that_died_is_said_to_have(operator: Someone, carrier: HTTPServer) -> None:
    carrier.shutdown()
    carrier.server_close()
    browser = operator.browser()
    assert "没有应答" in browser.get(at("sandbox", "carrier")).content.decode()
    answer = browser.post(at("sandbox_command", "carrier", "flush"), {"reason": REASON})
    assert answer.status_code == 503


def test_real_gateways_have_no_controls(operator: Someone, carrier: HTTPServer, settings: Any) -> None:
    settings.ENV = replace(settings.ENV, sandboxes=False)
    browser = operator.browser()
    for url in (at("sandbox", "carrier"), at("sandbox_command", "carrier", "flush")):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"reason": REASON}).status_code in (404, 405)
    assert Listening.told == []


def test_nonsense_is_not_there(operator: Someone, carrier: HTTPServer) -> None:
    for url in (at("sandbox_command", "carrier", "nonsense"), at("sandbox_command", "nobody", "flush")):
        assert operator.browser().get(url).status_code == 404
