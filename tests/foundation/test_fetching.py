"""A real server on this machine; only the gate is told that this machine counts as public."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tongdao.foundation.fetching import Fetched, Fetcher, FetchFailed, fetch_public

pytestmark = pytest.mark.pure

HERE = ipaddress.ip_address("127.0.0.1")
PNG = {"image/png"}
BODY = b"picture" * 100


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        getattr(self, self.path.strip("/").split("/")[0].split("?")[0], self.send_404)()

    def send_404(self) -> None:
        self.answer(404, {}, b"")

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "image/png"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def picture(self) -> None:
        self.answer(200, {"Content-Type": "Image/PNG; charset=x", "Content-Length": str(len(BODY))}, BODY)

    def host(self) -> None:
        self.answer(200, {}, self.headers["Host"].encode())

    def page(self) -> None:
        self.answer(200, {"Content-Type": "text/html"}, b"<html>")

    def packed(self) -> None:
        self.answer(200, {"Content-Encoding": "gzip"}, b"x")

    def cut(self) -> None:
        self.answer(200, {"Content-Length": "1000"}, b"x")

    def hop(self) -> None:
        left = int(self.path.rsplit("/", 1)[1])
        self.answer(302, {"Location": f"/hop/{left - 1}" if left else "/picture"}, b"")

    def elsewhere(self) -> None:
        self.answer(301, {"Location": f"http://127.0.0.2:{self.server.server_port}/picture"}, b"")  # type: ignore[attr-defined]  # an HTTP server

    def file(self) -> None:
        self.answer(302, {"Location": "file:///etc/passwd"}, b"")

    def nowhere(self) -> None:
        self.answer(302, {}, b"")

    def endless(self) -> None:
        self.drip(b"x" * 4096, 0)

    def slow(self) -> None:
        self.drip(b"x", 0.02)

    def slow_head(self) -> None:
        self.drip(b"X-Header: x\r\n", 0.02, head=False)

    def drip(self, piece: bytes, pause: float, head: bool = True) -> None:
        """Send pieces until the other side goes away; four thousand at most."""
        if head:
            self.answer(200, {}, b"")
        else:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for _ in range(4000):
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        pass


@dataclass(frozen=True)
class Site:
    url: str
    port: int

    def fetch(self, path: str, **options: Any) -> Fetched:
        fetcher = Fetcher(lambda address: address == HERE, frozenset({self.port}))
        return fetcher.fetch(
            f"{self.url}/{path}", **({"max_bytes": 10_000, "timeout": 5.0} | options), allowed_types=PNG
        )

    def failure(self, path: str, **options: Any) -> str:
        with pytest.raises(FetchFailed) as caught:
            self.fetch(path, **options)
        return caught.value.code


def serve(context: ssl.SSLContext | None = None) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer((str(HERE), 0), Handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    for server in serve():
        yield Site(f"http://127.0.0.1:{server.server_port}", server.server_port)


def test_a_picture_is_fetched(site: Site) -> None:
    fetched = site.fetch("picture?a=1")
    assert fetched == Fetched(BODY, "image/png", f"{site.url}/picture?a=1")


def test_the_host_keeps_its_name(site: Site) -> None:
    fetcher = Fetcher(lambda address: address.is_loopback, frozenset({site.port}))
    fetched = fetcher.fetch(f"http://localhost:{site.port}/host", max_bytes=99, timeout=5, allowed_types=PNG)
    assert fetched.content == f"localhost:{site.port}".encode()


def test_redirects_are_followed_three_times(site: Site) -> None:
    assert site.fetch("hop/2").url == f"{site.url}/picture"
    assert site.failure("hop/3") == "redirects"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nothing", "status"),
        ("page", "type"),
        ("packed", "type"),
        ("cut", "unreachable"),
        ("elsewhere", "not_public"),
        ("file", "bad_url"),
        ("nowhere", "bad_url"),
        ("endless", "size"),
    ],
)
def test_what_is_not_wanted_is_refused(site: Site, path: str, code: str) -> None:
    assert site.failure(path) == code


def test_the_limit_counts_bytes(site: Site) -> None:
    assert site.fetch("picture", max_bytes=len(BODY)).content == BODY
    assert site.failure("picture", max_bytes=len(BODY) - 1) == "size"


@pytest.mark.parametrize("path", ["slow", "slow_head"])
def test_a_server_that_drips_cannot_hold_us(site: Site, path: str) -> None:
    assert site.failure(path, timeout=0.3, max_bytes=10**6) == "timeout"


def test_this_machine_is_not_public(site: Site) -> None:
    fetcher = Fetcher(ports=frozenset({site.port}))
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433"):
        with pytest.raises(FetchFailed) as caught:
            fetcher.fetch(f"http://{host}:{site.port}/picture", max_bytes=99, timeout=5, allowed_types=PNG)
        assert caught.value.code == "not_public"


def test_only_web_ports_are_fetched_from(site: Site) -> None:
    with pytest.raises(FetchFailed) as caught:
        fetch_public(f"{site.url}/picture", max_bytes=99, timeout=5, allowed_types=PNG)
    assert caught.value.code == "bad_url"


def test_no_network_is_a_failure_and_no_crash() -> None:
    with socket.socket() as unused:
        unused.bind((str(HERE), 0))
        port = unused.getsockname()[1]
        assert Site(f"http://127.0.0.1:{port}", port).failure("x") == "unreachable"
    with pytest.raises(FetchFailed) as caught:
        fetch_public("http://no-such-host.invalid/", max_bytes=99, timeout=5, allowed_types=PNG)
    assert caught.value.code in {"unreachable", "timeout"}


def certificate(name: str, folder: Path) -> Path:
    """A self-signed certificate for one name; key and certificate in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2100))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(("name", "code"), [("localhost", ""), ("other.example", "unreachable")])
def test_the_certificate_is_checked_against_the_name(tmp_path: Path, name: str, code: str) -> None:
    pem = certificate(name, tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    for server in serve(context):
        fetcher = Fetcher(
            lambda address: address.is_loopback,
            frozenset({server.server_port}),
            lambda: ssl.create_default_context(cafile=str(pem)),
        )
        url = f"https://localhost:{server.server_port}/picture"
        if not code:
            assert fetcher.fetch(url, max_bytes=9999, timeout=5, allowed_types=PNG).content == BODY
            continue
        with pytest.raises(FetchFailed) as caught:
            fetcher.fetch(url, max_bytes=9999, timeout=5, allowed_types=PNG)
        assert caught.value.code == code
