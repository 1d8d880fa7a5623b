"""A change is seen in every web process within a second, though worker and feed do not run."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
import pytest

from tests.stack import PATIENCE, Stack

pytestmark = [pytest.mark.slow, pytest.mark.pure]
STORE = "tingxiu"
REPRICE = """
from tongdao.foundation import directory
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.operations import set_price
store = directory.lookup("storefront", "{store}")
with merchant_scope(store.merchant_id):
    for sku in Sku.objects.filter(product__handle="{handle}"):
        set_price(sku.id, {fen}, actor=SYSTEM)
"""


def test_a_price_changed_elsewhere_is_seen_by_each_process(run_stack: Stack) -> None:
    run_stack.start("demo")
    worker = run_stack.pid("worker")
    with one_connection_each(run_stack) as connections:
        handle = first_handle(connections[0])
        paths = (f"/s/{STORE}/p/{handle}", f"/api/v1/stores/{STORE}/products/{handle}")
        tags = {(path, at): fetch(one, path)[1] for at, one in enumerate(connections) for path in paths}
        assert head(connections[0], paths[0]) == ("", tags[paths[0], 0])
        os.kill(worker, signal.SIGSTOP)
        try:
            script = REPRICE.format(store=STORE, handle=handle, fen=7_654_321)
            done = run_stack.run("manage", "shell", "-c", script)
            assert done.returncode == 0, done.stderr
            changed = time.monotonic()
            seen = {key: until_changed(connections[key[1]], key[0], tag) for key, tag in tags.items()}
        finally:
            os.kill(worker, signal.SIGCONT)
    assert all("76,543.21" in body or "7654321" in body for body, _ in seen.values())
    assert len(seen) == 4
    assert time.monotonic() - changed < PATIENCE


def until_changed(connection: http.client.HTTPConnection, path: str, old: str) -> tuple[str, str]:
    """What the process of this connection answers once it is no longer `old`."""
    deadline = time.monotonic() + PATIENCE
    while (answer := fetch(connection, path))[1] == old:
        assert time.monotonic() < deadline, f"{path} still shows the old price"
        time.sleep(0.05)
    return answer


def fetch(connection: http.client.HTTPConnection, path: str) -> tuple[str, str]:
    """Body and ETag."""
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    assert answer.status == 200, body
    return body, answer.headers["ETag"]


def head(connection: http.client.HTTPConnection, path: str) -> tuple[str, str]:
    """Body (none is meant to come) and ETag of an answer to HEAD."""
    connection.request("HEAD", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    assert (answer.status, int(answer.headers["Content-Length"]) > 1000) == (200, True)
    return body, answer.headers["ETag"]


def first_handle(connection: http.client.HTTPConnection) -> str:
    body, _ = fetch(connection, f"/s/{STORE}/")
    return body.split(f"/s/{STORE}/p/", 1)[1].split('"', 1)[0]


@contextmanager
def one_connection_each(stack: Stack) -> Iterator[list[http.client.HTTPConnection]]:
    """Open connections until each web process holds one; the others are closed."""
    address = urlsplit(stack.url("web")).netloc
    found: dict[int, http.client.HTTPConnection] = {}
    workers = psutil.Process(stack.pid("web")).children()
    opened: list[http.client.HTTPConnection] = []
    try:
        for _ in range(200):
            opened.append(connection := http.client.HTTPConnection(address, timeout=PATIENCE))
            fetch(connection, f"/s/{STORE}/")
            found.setdefault(holder(connection, workers), connection)
            if len(found) == 2:
                break
        assert len(found) == 2, "one process took all connections"
        yield list(found.values())
    finally:
        for connection in opened:
            connection.close()


def holder(connection: http.client.HTTPConnection, workers: list[psutil.Process]) -> int:
    """The process that accepted it."""
    port = connection.sock.getsockname()[1]
    for worker in workers:
        if any(one.raddr and one.raddr.port == port for one in worker.net_connections()):
            return worker.pid
    raise AssertionError("nobody holds this connection")
