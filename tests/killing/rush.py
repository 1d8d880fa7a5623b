"""Many buyers at once who do not give up: each order is asked for under its key until it is answered."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.killing.loop import ADDRESS, World, walk_on
from tests.killing.town import Town

BUYERS = 16
PATIENCE = 180.0  # seconds for one order, whatever happens meanwhile
HOT_UNITS = 900_000
SCARCE_UNITS = 60
COUPONS = 500
AGAIN = 0.1  # of the answered orders are asked for once more


@dataclass(frozen=True)
class Want:
    """One order that somebody wants once. `body` is sent word for word each time."""

    buyer: UUID
    token: str
    key: str
    body: dict[str, Any]


@dataclass
class Answers:
    """What was answered, by key; only what the server said counts, not what it may have done."""

    placed: dict[str, str] = field(default_factory=dict)  # key → purchase, answered with 201 or 200
    refused: dict[str, str] = field(default_factory=dict)  # key → code, answered with 409
    wants: dict[str, Want] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Rush:
    """A shop with one hot SKU, one that runs out and a coupon that does; and those who want it all."""

    def __init__(self, town: Town, name: str) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it would tell of each request
        self.town = town
        self.world = World(name)
        walk_on(town, self.world, 2)
        self.hot, self.scarce = self.world.sku_id, self._other()
        self._stock(self.hot, HOT_UNITS)
        self._stock(self.scarce, SCARCE_UNITS)
        self._coupon()
        self.guests = [self._guest() for _ in range(BUYERS)]
        self.answers = Answers()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        self._over.clear()
        self._threads = [
            threading.Thread(target=self._buy, args=[guest], daemon=True) for guest in self.guests
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Each finishes the order that it is at."""
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a request hangs"

    def close(self) -> None:
        """The shop closes: who finds nobody there does not try again."""
        self._over.set()
        self._closing.set()

    def wait_for(self, more: int) -> None:
        """Until so many further orders were answered."""
        goal = self.count() + more
        deadline = time.monotonic() + PATIENCE
        while self.count() < goal:
            assert time.monotonic() < deadline, f"{self.count()} of {goal}: {self.answers.heard}"
            time.sleep(0.01)

    def count(self) -> int:
        with self._lock:
            return len(self.answers.placed) + len(self.answers.refused)

    def snapshot(self) -> Answers:
        """What had been answered by now: all of it has to be there from now on."""
        with self._lock:
            held = self.answers
            return Answers(dict(held.placed), dict(held.refused), dict(held.wants), wrong=list(held.wrong))

    def _buy(self, guest: tuple[UUID, str]) -> None:
        draw = random.Random(guest[1])
        with httpx.Client(timeout=30, trust_env=False) as client:
            while not self._over.is_set():
                want = self._want(guest, draw)
                self._ask(client, want)
                if draw.random() < AGAIN:
                    self._ask(client, want)

    def _want(self, guest: tuple[UUID, str], draw: random.Random) -> Want:
        skus = [self.hot, self.scarce] if draw.random() < 0.1 else [self.hot]
        draw.shuffle(skus)
        lines = [{"sku_id": sku, "quantity": draw.randint(1, 2)} for sku in skus]
        want = Want(*guest, uuid4().hex, {"lines": lines, "address": ADDRESS})
        with self._lock:
            self.answers.wants[want.key] = want
        return want

    def _ask(self, client: httpx.Client, want: Want) -> None:
        """Until it is answered: 201, 200, or 409 for what has run out."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self.send(client, want)
            except httpx.TransportError as error:
                self._hear(type(error).__name__)
                if self._closing.is_set():
                    return
            else:
                self._hear(str(answer.status_code))
                if answer.status_code < 500:
                    self._note(want, answer)
                    return
            time.sleep(0.05)
        self._complain(f"{want.key} was never answered")

    def send(self, client: httpx.Client, want: Want) -> httpx.Response:
        url = f"{self.town.stack.url('web')}/api/v1{self.world.store}/purchases"
        headers = {"Authorization": f"Bearer {want.token}", "Idempotency-Key": want.key}
        return client.post(url, json=want.body, headers=headers)

    def _note(self, want: Want, answer: httpx.Response) -> None:
        if answer.status_code not in (200, 201, 409):
            self._complain(f"{want.key}: {answer.status_code} {answer.text[:200]}")
            return
        told = answer.json()
        with self._lock:
            if answer.status_code == 409:
                if want.key in self.answers.placed:
                    self.answers.wrong.append(f"{want.key} was placed, then refused: {told['code']}")
                self.answers.refused[want.key] = told["code"]
                return
            first = self.answers.placed.setdefault(want.key, told["purchase_id"])
            self.answers.refused.pop(want.key, None)  # refused first: somebody gave goods back meanwhile
            if first != told["purchase_id"]:
                self.answers.wrong.append(f"{want.key} is {first} and {told['purchase_id']}")

    def _hear(self, what: str) -> None:
        with self._lock:
            self.answers.heard[what] += 1

    def _complain(self, what: str) -> None:
        with self._lock:
            self.answers.wrong.append(what)

    def _guest(self) -> tuple[UUID, str]:
        made = self.town.api("POST", "/guests").body
        return UUID(made["person_id"]), made["token"]

    def _other(self) -> str:
        """A SKU of another product."""
        product = self.town.api("GET", f"{self.world.store}/products/cloud-tea-1").body
        return str(product["skus"][0]["sku_id"])

    def _stock(self, sku_id: str, units: int) -> None:
        path = f"{self.world.desk}/skus/{sku_id}/stock"
        self.town.api("PUT", path, {"on_hand": units}, token=self.world.owner)

    def _coupon(self) -> None:
        """Taken by itself by whoever orders, until there is none left."""
        body = {
            "title": "开业券",
            "off_fen": 500,
            "quota": COUPONS,
            "starts_at": "2020-01-01T00:00:00Z",
            "ends_at": "2199-01-01T00:00:00Z",
        }
        self.town.api("POST", f"{self.world.desk}/coupons", body, token=self.world.owner)
