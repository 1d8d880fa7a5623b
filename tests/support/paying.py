"""The payment sandbox in a process of its own, and a server that hands its notifications to the product."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings
from django.db import connections

from tests.support.builders import Shop
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import connect_account
from tongdao.party.merchants.operations.accounts import AccountTerms
from tongdao.rewards.settlement.callbacks import take_transfer_notification
from tongdao.trade.orders.operations import Placed
from tongdao.trade.payments.callbacks import take_notification
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import start_payment


class PaySandbox:
    """`papers` is the merchant.json of its demo merchant; `statuses` what we answered to notifications."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.own_url = settings.BASE_URL
        self.statuses: list[int] = []
        self.port = 0
        self.away = False  # notifications are answered with 503, unread
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        # One for all calls: making one reads every certificate of the machine. No connection outlives a call.
        self.http = httpx.Client(timeout=30, limits=httpx.Limits(max_keepalive_connections=0))
        self.inbox = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.inbox.serve_forever, daemon=True).start()
        self.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.inbox.server_address[1]}"

    def start(self) -> None:
        argv = [sys.executable, "-m", "tongdao.sandboxes.wechatpay"]
        argv += ["--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self.papers: dict[str, str] = json.loads((self.data / "merchant.json").read_text("utf-8"))
        self.port = int(self.papers["gateway"].rsplit(":", 1)[-1])  # the same after a restart

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(20)

    def close(self) -> None:
        self.stop()
        self.http.close()
        self.inbox.shutdown()
        self.inbox.server_close()
        settings.BASE_URL = self.own_url

    def control(self, path: str, **body: object) -> Any:
        """A control of the sandbox that must succeed."""
        return self._told("POST", path, json=body)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """What it keeps, as its controls list it."""
        found: list[dict[str, Any]] = self._told("GET", path)["data"]
        return found

    def _told(self, verb: str, path: str, **more: Any) -> Any:
        token = (self.data / "control.token").read_text("utf-8")
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.papers['gateway']}/_control{path}"
        answer = self.http.request(verb, url, headers=headers, **more)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def connect(self, shop: Shop, *, fee_bps: int = 60, papers: dict[str, str] | None = None) -> None:
        """The shop takes payments through the sandbox from now on, and its notifications come back here."""
        settings.BASE_URL = self.base_url
        papers = papers or self.papers
        terms = AccountTerms(
            mchid=papers["mchid"],
            appid=papers["appid"],
            certificate_serial=papers["cert_serial_no"],
            private_key=papers["merchant_private_key"],
            api_v3_key=papers["apiv3_key"],
            platform_key_id=papers["platform_public_key_id"],
            platform_public_key=papers["platform_public_key"],
            gateway_url=papers["gateway"],
            fee_bps=fee_bps,
        )
        with merchant_scope(shop.merchant_id):
            connect_account(terms, actor=shop.owner)

    def open(self, shop: Shop, placed: Placed, person_id: UUID, product: str = "h5") -> str:
        """Open a payment; its trade number."""
        started = start_payment(shop.merchant_id, placed.purchase_id, product, person_id=person_id)
        with merchant_scope(shop.merchant_id):
            return PaymentAttempt.objects.get(pk=started.attempt_id).trade_no

    def pay(self, trade_no: str, **options: object) -> None:
        """The payer pays, and every notification that is due has been answered by us."""
        self.control("/pay", out_trade_no=trade_no, **options)
        self.control("/flush")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sandbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = dict(self.headers.items())
                transfers = self.path.endswith("/transfers")
                token = self.path.removesuffix("/transfers").rsplit("/", 1)[-1]
                sandbox.received.append((token, headers, body))
                take = take_transfer_notification if transfers else take_notification
                status = 503 if sandbox.away else answer(take, token, headers, body)
                sandbox.statuses.append(status)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


def answer(
    take: Callable[[str, dict[str, str], bytes], int], token: str, headers: dict[str, str], body: bytes
) -> int:
    """What the product answers to a notification, in a thread of the server's own."""
    try:
        return take(token, headers, body)
    except NotFound:
        return 404
    finally:
        connections.close_all()
