"""The running product with both sandboxes, seen by a client that does not give up.

A crash may lose a question or its answer. The client then asks again, word for word and with the same key,
until it is answered; whatever else is answered than expected fails at once.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.stack import Stack

PATIENCE = 180.0  # seconds; a job of a killed worker is given to the next one after 60 to 90
PAUSE = 0.1  # seconds between two tries


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass
class Town:
    """`sent` is called whenever a question leaves; `lost` counts what did not come back as it should."""

    stack: Stack
    sent: Callable[[], None] = lambda: None
    lost: Counter[str] = field(default_factory=Counter)
    recovered: dict[tuple[str, int], float] = field(default_factory=dict)  # seconds by victim and step

    settled: list[str] = field(default_factory=list)  # what was still under way after the walks

    def __post_init__(self) -> None:
        unpooled = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.Client(timeout=10, trust_env=False, limits=unpooled)

    def api(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        token: str = "",
        key: str = "",
        file: bytes = b"",
        good: Collection[int] = (200, 201, 204),
    ) -> Answer:
        """Ask the product until its answer is among `good`. A product file goes instead of a body."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        sheet: dict[str, Any] = {"files": {"file": ("tea.csv", file)}, "data": {"currency": "CNY"}}
        sent = sheet if file else {"json": body}
        return self._persist(
            lambda: self._http.request(
                verb, f"{self.stack.url('web')}/api/v1{path}", headers=headers, **sent
            ),
            good,
        )

    def payment(self, path: str, **body: object) -> Any:
        """A control of the payment sandbox; without a body it reads."""
        return self._control("wechatpay", f"/_control/{path}", body, (200,)).body

    def carrier(self, path: str, good: Collection[int] = (200,), **body: object) -> Any:
        """A control of the carrier sandbox; without a body it reads."""
        return self._control("carrier", f"/control/{path}", body, good).body

    def pay(self, form: dict[str, str]) -> None:
        """The payer presses the button on the payment page; pressing it again pays nothing more."""
        self._persist(lambda: self._http.post(f"{self.stack.url('wechatpay')}/pay", data=form), (200,))

    def papers(self, sandbox: str, name: str) -> Any:
        """A file that a sandbox left for its clients."""
        path = self.stack.data_dir / "sandboxes" / sandbox / name
        return json.loads(path.read_text("utf-8"))

    def wait(self, look: Callable[[], Any], what: str, *, nudge: Callable[[], object] | None = None) -> Any:
        """What `look` sees as soon as it is something; `nudge` is a re-request, made once a second."""
        deadline, nudged = time.monotonic() + PATIENCE, time.monotonic()
        while not (seen := look()):
            assert time.monotonic() < deadline, f"waited in vain for {what}"
            time.sleep(PAUSE)
            if nudge is not None and time.monotonic() - nudged > 1:
                nudge()
                nudged = time.monotonic()
        return seen

    def settle(self, wrong: Callable[[], list[str]]) -> None:
        """Give what is under way the time that it may take; what never ends is for the caller to find."""
        began, last = time.monotonic(), ""
        while (found := wrong()) and time.monotonic() < began + PATIENCE:
            last = found[-1]
            time.sleep(PAUSE)
        if last:
            self.settled.append(f"{time.monotonic() - began:.1f} s until this was over: {last}")

    def _control(self, sandbox: str, path: str, body: dict[str, object], good: Collection[int]) -> Answer:
        token = (self.stack.data_dir / "sandboxes" / sandbox / "control.token").read_text("utf-8").strip()
        headers = {"Authorization": f"Bearer {token}"}
        verb = "POST" if body else "GET"
        return self._persist(
            lambda: self._http.request(
                verb, self.stack.url(sandbox) + path, json=body or None, headers=headers
            ),
            good,
        )

    def _persist(self, ask: Callable[[], httpx.Response], good: Collection[int]) -> Answer:
        deadline = time.monotonic() + PATIENCE
        while True:
            self.sent()
            try:
                answer = ask()
            except httpx.TransportError as error:
                said = type(error).__name__
            else:
                if answer.status_code in good:
                    return _read(answer)
                said = f"{answer.status_code}"
                assert answer.status_code >= 500, f"{answer.request.url}: {said} {answer.text}"
            self.lost[said] += 1
            assert time.monotonic() < deadline, f"asked in vain: {said}"
            time.sleep(PAUSE)


def _read(answer: httpx.Response) -> Answer:
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return Answer(answer.status_code, answer.json() if is_json and answer.content else None)
