"""How much a request may bring along: refused by its stated length, unread, in every face's own way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from tests.conftest import Cluster
from tests.stack import wait_until
from tongdao.config.bodies import BESIDES, LARGER
from tongdao.config.stack import free_port
from tongdao.foundation.attachments import MOST, PICTURE_BYTES, TOGETHER_BYTES, VIDEO_BYTES

ID = "018f0000-0000-7000-8000-000000000000"
PATHS = {
    "shop:review": f"/s/tea/lines/{ID}/review",
    "shop:follow_up": f"/s/tea/reviews/{ID}/follow-up",
    "console:imports": f"/console/m/{ID}/imports",
    "console:product_pictures": f"/console/m/{ID}/products/{ID}/pictures",
    "api:review_line": f"/api/v1/orders/{ID}/lines/{ID}/review",
    "api:follow_up_review": f"/api/v1/reviews/{ID}/follow-up",
    "api:upload_product_pictures": f"/api/v1/merchants/{ID}/products/{ID}/pictures",
    "api:import_products_file": f"/api/v1/merchants/{ID}/imports",
    "shop:talk": f"/s/tea/orders/{ID}/talk",
    "shop:after_sale": f"/s/tea/lines/{ID}/after-sale",
    "shop:case_say": f"/s/tea/cases/{ID}/say",
    "shop:case_escalate": f"/s/tea/cases/{ID}/escalate",
    "shop:case_state": f"/s/tea/cases/{ID}/statement",
    "shop:case_appeal": f"/s/tea/cases/{ID}/appeal",
    "console:talk_send": f"/console/m/{ID}/orders/{ID}/talk/send",
    "console:case_refuse": f"/console/m/{ID}/cases/{ID}/refuse",
    "console:case_say": f"/console/m/{ID}/cases/{ID}/say",
    "console:case_call": f"/console/m/{ID}/cases/{ID}/call",
    "console:dispute_state": f"/console/m/{ID}/cases/{ID}/dispute/state",
    "console:dispute_appeal": f"/console/m/{ID}/cases/{ID}/dispute/appeal",
    "api:read_my_talk": f"/api/v1/orders/{ID}/talk",
    "api:open_my_case": f"/api/v1/orders/{ID}/cases",
    "api:say_in_my_case": f"/api/v1/cases/{ID}/words",
    "api:dispute_my_case": f"/api/v1/cases/{ID}/dispute",
    "api:state_my_case": f"/api/v1/cases/{ID}/dispute/statements",
    "api:appeal_my_ruling": f"/api/v1/cases/{ID}/dispute/appeal",
    "api:read_talk": f"/api/v1/merchants/{ID}/orders/{ID}/talk",
    "api:refuse_buyers_case": f"/api/v1/merchants/{ID}/cases/{ID}/refuse",
    "api:say_on_case": f"/api/v1/merchants/{ID}/cases/{ID}/words",
    "api:call_platform_on_case": f"/api/v1/merchants/{ID}/cases/{ID}/dispute",
    "api:state_case_to_platform": f"/api/v1/merchants/{ID}/cases/{ID}/dispute/statements",
    "api:appeal_case_ruling": f"/api/v1/merchants/{ID}/cases/{ID}/dispute/appeal",
}
SMALL = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
MEGABYTE = 1024 * 1024


def said(
    path: str, length: object, language: str = "en", kind: str = "multipart/form-data; boundary=x"
) -> Any:
    """The answer to a request that states this length and brings nothing."""
    return Client(headers={"Accept-Language": language}).generic(
        "POST", path, b"", kind, CONTENT_LENGTH=str(length)
    )


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names(each, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name}"


def test_each_row_of_the_table_is_an_address() -> None:
    assert set(LARGER) - set(names(get_resolver())) == set()


@pytest.mark.parametrize("name", LARGER)
def test_an_address_takes_what_the_table_says_and_no_byte_more(name: str) -> None:
    path = PATHS.get(name)
    assert path, f"say in PATHS where {name} is"
    assert resolve(path).view_name == name
    assert said(path, LARGER[name] + BESIDES).status_code != 413
    assert said(path, LARGER[name] + BESIDES + 1).status_code == 413


@pytest.mark.parametrize(
    "path", ["/console/sign-in", "/s/tea/cart", "/s/tea/sign-in", f"/api/v1/orders/{ID}"]
)
def test_all_others_take_a_form(path: str) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json"):
        assert said(path, SMALL + 1, kind=kind).status_code == 413
        assert said(path, SMALL).status_code != 413


@pytest.mark.parametrize(("language", "words"), [("en", "At most 100.0"), ("zh-hans", "一次最多发送 100.0")])
def test_a_page_says_the_limit_in_its_readers_language(language: str, words: str) -> None:
    answer = said(PATHS["shop:review"], 500 * MEGABYTE, language)
    assert (answer.status_code, answer["Content-Language"]) == (413, language)
    assert words in answer.content.decode().replace("\xa0", " ")


def test_the_api_says_the_limit_in_its_own_shape() -> None:
    answer = said(PATHS["api:review_line"], 500 * MEGABYTE)
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
    assert answer.json()["details"] == {"limit_bytes": TOGETHER_BYTES}


def test_channels_get_their_own_answer() -> None:
    assert said("/callbacks/wechat/x", 500 * MEGABYTE).json()["code"] == "FAIL"


@pytest.mark.parametrize("length", ["", "x", "-1", "1e9"])
def test_a_length_that_is_none_brings_nothing(length: str) -> None:
    assert said("/console/sign-in", length).status_code in (200, 403, 404)


def test_what_a_message_may_bring_fits() -> None:
    assert MOST * PICTURE_BYTES <= TOGETHER_BYTES and VIDEO_BYTES <= TOGETHER_BYTES


class Server:
    """The web server as `tongdao up` starts it, with one process for requests."""

    def __init__(self, cluster: Cluster) -> None:
        self.port = free_port("127.0.0.1", 23000)
        self.private = cluster.data_dir / "private"
        address = f"http://127.0.0.1:{self.port}"
        environ = {**cluster.environ, "TONGDAO_PORT": str(self.port), "TONGDAO_BASE_URL": address}
        options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1")
        argv = (sys.executable, "-m", "granian", *options, "--blocking-threads", "4", "--no-ws")
        environ["PYTHONPATH"] = os.pathsep.join(sys.path)
        self.process = subprocess.Popen(
            (*argv, "--respawn-failed-workers", "tongdao.config.wsgi:application"),
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self._answers, "the server")

    def _answers(self) -> bool:
        try:
            with self.open(b"GET", "/healthz", []) as connection:
                return connection.recv(20).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def open(self, method: bytes, path: str, headers: list[str]) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        head = [f"{method.decode()} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers, "", ""]
        connection.sendall("\r\n".join(head).encode())
        return connection

    @property
    def worker(self) -> psutil.Process:
        return max(
            psutil.Process(self.process.pid).children(recursive=True), key=lambda one: one.memory_info().rss
        )

    def written(self) -> int:
        """Bytes that it has handed to files so far."""
        return int(self.worker.io_counters().write_chars)

    def arriving(self) -> list[str]:
        """Files without a name below the private root that it holds open."""
        return [each for each in self._held() if each.startswith(str(self.private)) and "(deleted)" in each]

    def _held(self) -> list[str]:
        found = []
        for each in Path(f"/proc/{self.worker.pid}/fd").iterdir():
            try:
                found.append(str(each.readlink()))
            except OSError:  # closed meanwhile
                continue
        return found

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> Iterator[Server]:
    started = Server(cluster)
    yield started
    started.stop()


BOUNDARY = "x" * 20
PART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pictures"; filename="a.mp4"\r\n'
    "Content-Type: video/mp4\r\n\r\n"
).encode()
FORM = [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", f"Cookie: csrftoken={'a' * 32}"]


def pour(connection: socket.socket, length: int) -> int:
    """Send zeros as fast as they go; how many went before nobody listened any more."""
    piece, sent = bytes(MEGABYTE), 0
    try:
        while sent < length:
            sent += connection.send(piece[: length - sent])
    except OSError:
        pass
    return sent


def heard(connection: socket.socket) -> str:
    pieces = []
    connection.settimeout(60)
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
            if b"</html>" in b"".join(pieces[-2:]):
                break
    except OSError:
        pass
    return b"".join(pieces).decode("utf-8", "replace")


def test_half_a_gigabyte_is_refused_before_it_fills_anything(server: Server) -> None:
    before, memory = server.written(), server.worker.memory_info().rss
    with server.open(
        b"POST", PATHS["shop:review"], [*FORM, f"Content-Length: {500 * MEGABYTE}"]
    ) as connection:
        connection.sendall(PART)
        sent = pour(connection, 400 * MEGABYTE)
        answer = heard(connection)
    assert answer.startswith("HTTP/1.1 413") and "一次最多发送" in answer
    assert sent < 50 * MEGABYTE  # nobody took the rest
    assert server.written() - before < MEGABYTE
    assert server.worker.memory_info().rss - memory < 30 * MEGABYTE


def test_half_a_gigabyte_of_unstated_length_is_not_read(server: Server) -> None:
    before, memory = server.written(), server.worker.memory_info().rss
    with server.open(b"POST", PATHS["shop:review"], [*FORM, "Transfer-Encoding: chunked"]) as connection:
        connection.sendall(f"{500 * MEGABYTE:x}\r\n".encode() + PART)
        assert pour(connection, 400 * MEGABYTE) < 50 * MEGABYTE
    assert server.written() - before < MEGABYTE
    assert server.worker.memory_info().rss - memory < 30 * MEGABYTE


def test_what_is_allowed_goes_to_the_disk_without_a_name_and_not_into_memory(server: Server) -> None:
    """The counters above do see what is written."""
    length = 90 * MEGABYTE
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    before, memory = server.written(), server.worker.memory_info().rss
    whole = len(PART) + length + len(end)
    with server.open(b"POST", PATHS["shop:review"], [*FORM, f"Content-Length: {whole}"]) as connection:
        connection.sendall(PART)
        assert pour(connection, length - MEGABYTE) == length - MEGABYTE
        wait_until(lambda: server.written() - before > 80 * MEGABYTE, "the file")
        assert server.worker.memory_info().rss - memory < 40 * MEGABYTE
        assert len(server.arriving()) == 1
        connection.sendall(bytes(MEGABYTE) + end)
        assert heard(connection).startswith("HTTP/1.1 403")  # no form of ours
    wait_until(lambda: not server.arriving(), "the file to be closed")


def test_killed_while_a_file_arrives_nothing_stays(server: Server) -> None:
    def held() -> set[Path]:
        return {path for path in server.private.rglob("*") if path.is_file()}

    before, old = held(), server.worker.pid
    head = [*FORM, f"Content-Length: {90 * MEGABYTE}"]
    with server.open(b"POST", PATHS["shop:review"], head) as connection:
        connection.sendall(PART)
        pour(connection, 20 * MEGABYTE)
        wait_until(server.arriving, "the file")
        os.kill(old, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(old) or psutil.Process(old).status() == "zombie", "its end")
    assert held() == before
