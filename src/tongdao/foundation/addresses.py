"""URLs and addresses from strangers: how a URL is read, what a host resolves to, what is public."""

from __future__ import annotations

import ipaddress
import socket
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from threading import Thread
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

URL_MAX = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Public to Python's ipaddress, yet they lead inside: metadata services of clouds; tunnels that carry IPv4.
INSIDE = [
    ipaddress.ip_network(text)
    for text in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/32",
        "2002::/16",
        "64:ff9b::/96",
    )
]


class BadUrl(ValueError):
    """The text is no URL that may be fetched."""


@dataclass(frozen=True)
class Target:
    """A URL taken apart: host in ASCII (IDNA), path with query, percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str
    url: str


def read_url(url: str, ports: frozenset[int]) -> Target:
    """Take a URL apart. http or https, no credentials, a port of `ports`. Raises BadUrl."""
    parts = _split(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise BadUrl("only http and https addresses are fetched")
    if "@" in parts.netloc:
        raise BadUrl("the address carries credentials")
    port = _port(parts)
    if port not in ports:
        raise BadUrl(f"port {port} is not fetched from")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    return Target(parts.scheme, _host(parts), port, path + query, url)


def redirect_url(base: str, location: str) -> str:
    """Where a redirect leads. Raises BadUrl when it says nothing."""
    if not location:
        raise BadUrl("a redirect without an address")
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise BadUrl("a redirect to what is no address") from error


def is_public_address(address: Address) -> bool:
    """Whether an address is one that anyone on the internet may reach (IANA special-purpose registries)."""
    if any(address in network for network in INSIDE):
        return False
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def resolve(host: str, port: int, timeout: float) -> list[Address]:
    """The addresses of a host, in the resolver's order. Raises httpcore.ConnectError or ConnectTimeout."""
    answer: Future[list[Address]] = Future()
    Thread(target=_look_up, args=(host, port, answer), daemon=True).start()
    try:
        return answer.result(timeout)
    except FutureTimeout as error:
        raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from error
    except (OSError, ValueError) as error:
        raise httpcore.ConnectError(f"{host} cannot be resolved") from error


def _look_up(host: str, port: int, answer: Future[list[Address]]) -> None:
    """The resolver of the system knows no time limit, hence the thread."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.set_result([ipaddress.ip_address(entry[4][0]) for entry in found])
    except (OSError, ValueError) as error:
        answer.set_exception(error)


def _split(url: str) -> SplitResult:
    if len(url) > URL_MAX or any(char <= " " or char in "\\\x7f" for char in url):
        raise BadUrl("an address has at most 2048 characters, none of them blank or a backslash")
    try:
        return urlsplit(url)
    except ValueError as error:
        raise BadUrl("this is no address") from error


def _port(parts: SplitResult) -> int:
    try:
        return parts.port if parts.port is not None else DEFAULT_PORTS[parts.scheme]
    except ValueError as error:
        raise BadUrl("the port is no number") from error


def _host(parts: SplitResult) -> str:
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadUrl("the host name cannot be read") from error
    if not host or any(char in "%/?#@<>[]" for char in host):
        raise BadUrl("the host name cannot be read")
    return host
