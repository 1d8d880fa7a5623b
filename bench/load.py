"""Load over HTTP: wrk with a script, 64 connections."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.promoting import WISH
from bench.stack import find_wrk
from bench.world import SLUG, World, row_id, token_text

CONNECTIONS = 64
THREADS = 2
LUA = Path(__file__).parent / "lua"
ADDRESS = {
    "recipient": "林小满",
    "phone": "13812345678",
    "detail": "文三路 90 号 2 单元 501",
    "division_code": "330106",
}


class LoadFailed(Exception):
    """The load did not run as it should; its figures mean nothing."""


@dataclass(frozen=True)
class Load:
    """What wrk says. `refused`: answers that were no success; `broken`: connections. Milliseconds."""

    count: int
    seconds: float
    refused: int
    broken: int
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        return (self.count - self.refused) / self.seconds

    @property
    def good(self) -> int:
        return self.count - self.refused


def wish(sku: int, units: int = 1) -> dict[str, object]:
    """What a buyer sends."""
    return {"lines": [{"sku_id": str(row_id("sku", sku)), "quantity": units}], "address": ADDRESS, **WISH}


def place_once(base_url: str, buyer: int, sku: int, units: int = 1) -> httpx.Response:
    """One purchase, as wrk sends it."""
    return httpx.post(
        f"{base_url}/api/v1/stores/{SLUG}/purchases",
        json=wish(sku, units),
        headers={
            "Authorization": f"Bearer {token_text(buyer)}",
            "Idempotency-Key": f"one-{secrets.token_hex(8)}",
        },
        timeout=30,
    )


def place_load(base_url: str, world: World, seconds: int, skus: tuple[int, int]) -> Load:
    """Orders for one random SKU of `skus` (first and last number) each, for so many seconds."""
    rest = {name: value for name, value in wish(0).items() if name != "lines"}
    tail = "," + json.dumps(rest, ensure_ascii=False, separators=(",", ":"))[1:]
    run = secrets.token_hex(6)
    script = [str(LUA / "place.lua"), base_url, "--", SLUG, str(world.buyers)]
    script += [str(skus[0]), str(skus[1]), run, tail]
    done = subprocess.run(
        [*_wrk(seconds), *script], capture_output=True, text=True, check=False, timeout=seconds + 60
    )
    return _read(done.stdout, done.stderr)


def send_load(base_url: str, files: str, most_seconds: int, *, status: int = 200) -> Load:
    """Send each prepared request of the files once; `status` is success.

    Raises LoadFailed when that takes too long.
    """
    marks = [Path(f"{files}{thread}.done") for thread in range(THREADS)]
    argv = [*_wrk(most_seconds), str(LUA / "send.lua"), base_url, "--", files, str(status)]
    wrk = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while wrk.poll() is None and not all(mark.exists() for mark in marks):
        time.sleep(0.02)
    if wrk.poll() is None:
        wrk.send_signal(signal.SIGINT)
    out, errors = wrk.communicate(timeout=60)
    load = _read(out, errors)
    if not all(mark.exists() for mark in marks):
        raise LoadFailed(
            f"after {most_seconds} s only {load.count} requests had been answered {status}: {out}"
        )
    return load


def _wrk(seconds: int) -> list[str]:
    return [find_wrk(), f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s"]


def _read(out: str, errors: str) -> Load:
    found = [line[6:] for line in out.splitlines() if line.startswith("BENCH ")]
    if not found:
        raise LoadFailed(f"wrk said nothing that can be read:\n{out}\n{errors}")
    return Load(**json.loads(found[-1]))
