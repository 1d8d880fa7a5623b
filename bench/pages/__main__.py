"""`make bench-pages`: a product's page and its API answer per second, against a static file of the same
bytes served by the same processes (whitenoise), same connections, same run, in turns.

Prints also what an answer 304 costs, what the store's front and a visitor who came by a link get, and how the
page does while each half second brings a new stock to show.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.load import LoadFailed
from bench.report import RESULTS, Result, publish, result, shown, table
from bench.stack import Missing, Stack, find_wrk, running, say

SLUG = "tingxiu"
TIMEOUT = 30  # seconds
WARM = 20  # requests to each address before anything is measured: both processes have loaded all they need


@dataclass(frozen=True)
class Target:
    """An address under load, with headers to send; answers have `status`, and `size` bytes or more."""

    name: str
    path: str
    size: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def main() -> int:
    """Exit status: 0 measured, 1 not (the reason is on stderr)."""
    options = _options()
    try:
        find_wrk()
        publish("pages", measure(options), directory=options.results)
    except (Missing, LoadFailed) as error:
        sys.stderr.write(f"\nNot measured. {error}\n")
        return 1
    return 0


def measure(options: argparse.Namespace) -> list[Result]:
    """Raises LoadFailed when an answer was not what it had to be."""
    with running(web=False) as stack:
        say("Filling the demo store …")
        _fill(stack)
        stack.start_web()
        page, document = _paths(stack)
        twins = _twins(stack, page=page, document=document)
        stack.stop_web()
        stack.start_web()  # whitenoise looks for its files when it starts
        results = _compare(stack, twins, options)
        for ours, reference in twins:
            if _get(stack, ours.path)[1] != _get(stack, reference.path)[1]:
                raise LoadFailed(f"{ours.path} is not what its static twin is")
        _further(stack, page, document, options)
    return results


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the file with the results goes")
    return parser.parse_args()


def _fill(stack: Stack) -> None:
    from django.core.management import call_command

    call_command("demo_fill", verbosity=0)


def _paths(stack: Stack) -> tuple[str, str]:
    """The page of the first product of the store's front, and its API address."""
    front = _get(stack, f"/s/{SLUG}/")[1].decode()
    found = re.search(rf"/s/{SLUG}/p/([a-z0-9-]+)", front)
    assert found is not None
    return found[0], f"/api/v1/stores/{SLUG}/products/{found[1]}"


def _twins(stack: Stack, **paths: str) -> list[tuple[Target, Target]]:
    """Each address with a static file of exactly its bytes."""
    names = {"page": ("product_page", "html"), "document": ("product_api", "json")}
    twins = []
    for kind, path in paths.items():
        name, suffix = names[kind]
        body = _get(stack, path)[1]
        (stack.data_dir / "static" / f"{name}.{suffix}").write_bytes(body)
        say(f"{name}: {len(body):,} bytes")
        static = f"/static/{name}.{suffix}"
        twins.append((Target(name, path, len(body)), Target("static file", static, len(body))))
    return twins


def _compare(stack: Stack, twins: list[tuple[Target, Target]], options: argparse.Namespace) -> list[Result]:
    """Medians of rounds taken in turns, so that a slow moment of the machine strikes both."""
    rates: dict[tuple[str, str], list[float]] = {}
    for ours, reference in twins:
        for target in (ours, reference):
            for _ in range(WARM):
                _get(stack, target.path)
    for number in range(options.rounds):
        line = [f"round {number + 1}:"]
        for ours, reference in twins:
            for target in (ours, reference) if number % 2 else (reference, ours):
                rate = _load(stack, target, seconds=options.seconds, connections=options.connections)
                rates.setdefault((ours.name, target.name), []).append(rate)
                line.append(f"{target.path.split('/')[-1]} {rate:,.0f}")
        say("  ".join(line))
    return [
        result(
            ours.name,
            statistics.median(rates[ours.name, ours.name]),
            statistics.median(rates[ours.name, reference.name]),
            "requests/s, reference: a static file of the same size; higher is better",
        )
        for ours, reference in twins
    ]


def _further(stack: Stack, page: str, document: str, options: argparse.Namespace) -> None:
    """Figures without a reference."""
    tags = {path: _get(stack, path)[0]["ETag"] for path in (page, document)}
    targets = [
        Target("page, 304", page, 0, {"If-None-Match": tags[page]}, 304),
        Target("API, 304", document, 0, {"If-None-Match": tags[document]}, 304),
        Target("the store's front", f"/s/{SLUG}/"),
        Target("page, visitor who came by a link", page, 0, {"Cookie": f"td_visitor={uuid4()}"}),
    ]
    rows = [("further", "per second")]
    for target in targets:
        rate = _load(stack, target, seconds=options.seconds, connections=options.connections)
        rows.append((target.name, shown(rate)))
    with _changing(stack, page):
        rate = _load(
            stack, Target("changing", page), seconds=options.seconds, connections=options.connections
        )
    rows.append(("page, its stock changing all the time", shown(rate)))
    say()
    say(table(rows))


@contextmanager
def _changing(stack: Stack, page: str) -> Iterator[None]:
    """Another count of the product's stock each tenth of a second, by the product's own operation."""
    done = threading.Event()
    changer = threading.Thread(target=_change, args=(page.rsplit("/", 1)[1], done))
    changer.start()
    try:
        yield
    finally:
        done.set()
        changer.join()


def _change(handle: str, done: threading.Event) -> None:
    from django.db import connection

    from tongdao.foundation import directory
    from tongdao.foundation.actors import SYSTEM
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.goods.catalog.models import Sku
    from tongdao.goods.inventory.operations import set_on_hand
    from tongdao.party.network.operations import own_node

    store = directory.lookup("storefront", SLUG)
    assert store is not None
    count = 100
    while not done.wait(0.1):
        count += 1
        with merchant_scope(store.merchant_id):
            sku = Sku.objects.filter(product__handle=handle).order_by("position")[0]
            set_on_hand({sku.id: count}, node_id=own_node().id, reason="count", actor=SYSTEM)
    connection.close()


def _get(stack: Stack, path: str) -> tuple[Mapping[str, Any], bytes]:
    request = urllib.request.Request(stack.base_url + path)  # noqa: S310 (our own server)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        return answer.headers, answer.read()


def _load(stack: Stack, target: Target, *, seconds: int, connections: int) -> float:
    """Answers per second by wrk. Raises LoadFailed when one of them was not what it had to be."""
    script = stack.data_dir / "wrk.lua"
    script.write_text(_script(target))
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    command = [find_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), *headers]
    done = subprocess.run(
        [*command, stack.base_url + target.path], capture_output=True, text=True, check=True
    )
    counted = json.loads(done.stdout.splitlines()[-1])
    if counted["wrong"] or not counted["requests"] or counted["bytes"] < counted["requests"] * target.size:
        raise LoadFailed(f"{target.name}: {counted}\n{done.stdout}")
    return float(counted["requests"] / counted["microseconds"] * 1_000_000)


def _script(target: Target) -> str:
    """Counts what is neither the status that was meant nor an answer at all."""
    counted = (
        '\'{"requests": %d, "microseconds": %d, "bytes": %d, "wrong": %d}\\n\','
        " summary.requests, summary.duration, summary.bytes, wrong + e.connect + e.read + e.write + e.timeout"
    )
    others = "e.status" if target.status < 400 else "0"
    return (
        "function done(summary, latency, requests) local e = summary.errors;"
        f" local wrong = {others}; io.write(string.format({counted})) end\n"
    )


if __name__ == "__main__":
    sys.exit(main())
