"""Fetching from addresses that strangers name: public hosts only, bounded in size and time.

The address that was checked is the address that is connected to (no second look-up, so DNS rebinding finds
no gap), while Host and the certificate check keep the name. Proxies of the environment are not used. Every
redirect passes the same gate. All failures are FetchFailed; without a network the code is "unreachable".
"""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import httpcore

from tongdao.foundation.addresses import BadUrl, Target, is_public_address, read_url, redirect_url, resolve
from tongdao.foundation.tenancy import assert_outside_scope

REDIRECTS_MAX = 3
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
WEB_PORTS = frozenset({80, 443})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchFailed(Exception):
    """Nothing was fetched.

    `code` is one of bad_url, not_public, unreachable, timeout, status, redirects, type, size.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """The body, its media type in lower case without parameters, and the URL that answered."""

    content: bytes = field(repr=False)
    content_type: str
    url: str


@dataclass(frozen=True)
class Fetcher:
    """How to fetch. The defaults are the only ones for outside use; a test allows its own local server."""

    is_public: Callable[[Address], bool] = is_public_address
    ports: frozenset[int] = WEB_PORTS
    tls: Callable[[], ssl.SSLContext] = httpcore.default_ssl_context

    def fetch(self, url: str, *, max_bytes: int, timeout: float, allowed_types: Iterable[str]) -> Fetched:
        """GET a URL. `timeout` (seconds) is for all of it; `allowed_types` are media types like image/png."""
        assert_outside_scope()
        deadline = time.monotonic() + timeout
        types = frozenset(allowed_types)
        try:
            for _ in range(REDIRECTS_MAX + 1):
                answer = self._get(read_url(url, self.ports), deadline, max_bytes, types)
                if isinstance(answer, Fetched):
                    return answer
                url = redirect_url(url, answer)
        except BadUrl as error:
            raise FetchFailed("bad_url", str(error)) from error
        except httpcore.TimeoutException as error:
            raise FetchFailed("timeout", f"no complete answer within {timeout:g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchFailed("unreachable", f"{type(error).__name__}: {error}") from error
        raise FetchFailed("redirects", f"more than {REDIRECTS_MAX} redirects")

    def _get(self, target: Target, deadline: float, max_bytes: int, types: frozenset[str]) -> Fetched | str:
        """The answer, or the Location that it points to."""
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        accept = ", ".join(sorted(types))
        headers = [("Accept", accept), ("Accept-Encoding", "identity"), ("User-Agent", "Tongdao")]
        with (
            httpcore.ConnectionPool(self.tls(), network_backend=_Gate(self.is_public, deadline)) as pool,
            pool.stream("GET", url, headers=headers) as response,
        ):
            if response.status in REDIRECT_STATUSES:
                return _header(response, b"location")
            if response.status != 200:
                raise FetchFailed("status", f"the server answered {response.status}")
            content_type = _allowed_type(response, types)
            return Fetched(_body(response, max_bytes), content_type, target.url)


def fetch_public(url: str, *, max_bytes: int, timeout: float, allowed_types: Iterable[str]) -> Fetched:
    """GET a URL from a public address, following up to three redirects. Raises FetchFailed."""
    return Fetcher().fetch(url, max_bytes=max_bytes, timeout=timeout, allowed_types=allowed_types)


def _header(response: httpcore.Response, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in response.headers if key.lower() == name), "")


def _allowed_type(response: httpcore.Response, types: frozenset[str]) -> str:
    content_type = _header(response, b"content-type").partition(";")[0].strip().lower()
    if content_type not in types:
        raise FetchFailed("type", f"the answer is {content_type[:80] or 'of no stated type'}")
    if _header(response, b"content-encoding").lower() not in {"", "identity"}:
        raise FetchFailed("type", "the answer is compressed although that was not asked for")
    return content_type


def _body(response: httpcore.Response, max_bytes: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > max_bytes:
            raise FetchFailed("size", f"the answer is larger than {max_bytes} bytes")
    return bytes(content)


class _Gate(httpcore.NetworkBackend):
    """Opens connections to checked addresses only; no step of them lasts beyond the deadline."""

    def __init__(self, is_public: Callable[[Address], bool], deadline: float) -> None:
        self._is_public = is_public
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port, _left(self._deadline))
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        refused = [address for address in addresses if not self._is_public(address)]
        if refused:
            raise FetchFailed("not_public", f"{host} is not a public address")
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError):
                return self._connect(address, port)
        return self._connect(addresses[-1], port)

    def _connect(self, address: Address, port: int) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(str(address), port, _left(self._deadline))
        return _BoundedStream(stream, self._deadline)


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose every step gets only what is left of the time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _BoundedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left
