from __future__ import annotations

import ipaddress

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.addresses import BadUrl, is_public_address, read_url, redirect_url, resolve

pytestmark = pytest.mark.pure

WEB = frozenset({80, 443})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1",
        "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1",
        "2002:7f00:1::", "2001:0:1::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:db8::1", "fec0::1", "100::1",
    ],
)  # fmt: skip
def test_addresses_that_lead_inside_are_not_public(address: str) -> None:
    assert not is_public_address(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111"]
)
def test_public_addresses(address: str) -> None:
    assert is_public_address(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://a.example/x", "file:///etc/passwd", "//a.example/x", "/x", "http://", "http:///x",
        "javascript:x",
        "http://user@a.example/", "http://user:pass@a.example/", "http://@a.example/", "http://a.example:22/",
        "http://a.example:0/", "http://a.example:99999/", "http://a.example:x/", "http://a b.example/",
        "http://a.example\\@b.example/", "http://a.example/\n", "http://[::1", "http://[fe80::1%25eth0]/",
        "http://a..example/", "http://" + "a" * 64 + ".example/", "http://a.example/" + "x" * 2048,
        "gopher://a.example/", "http://%31%32%37.0.0.1/",
    ],
)  # fmt: skip
def test_bad_urls_are_refused(url: str) -> None:
    with pytest.raises(BadUrl):
        read_url(url, WEB)


def test_a_url_is_taken_apart() -> None:
    target = read_url("https://Bücher.example/a%20b/图?q=值&r=1#part", WEB)
    assert (target.scheme, target.host, target.port) == ("https", "xn--bcher-kva.example", 443)
    assert target.path == "/a%20b/%E5%9B%BE?q=%E5%80%BC&r=1"
    assert read_url("http://a.example?@b", WEB).host == "a.example"
    assert read_url("http://a.example", WEB).path == "/"
    assert read_url("http://a.example:8080/x", frozenset({8080})).port == 8080
    assert read_url("https://cdn.example/a_925x@2x.jpg", WEB).path == "/a_925x@2x.jpg"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, f"http://{text}/", f"https://a.example/{text}"):
        try:
            target = read_url(url, WEB)
        except BadUrl:
            continue
        assert target.host.isascii()
        assert target.path.isascii()
        assert target.path.startswith("/")


def test_redirects_are_joined() -> None:
    assert redirect_url("https://a.example/x/y", "../z") == "https://a.example/z"
    assert redirect_url("https://a.example/x", "//b.example/") == "https://b.example/"
    for nowhere in ("", "http://[x"):
        with pytest.raises(BadUrl):
            redirect_url("https://a.example/", nowhere)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"])
def test_odd_spellings_of_this_machine_are_seen_through(host: str) -> None:
    assert not any(map(is_public_address, resolve(host, 80, 5)))


def test_a_host_that_is_nowhere_cannot_be_resolved() -> None:
    with pytest.raises((httpcore.ConnectError, httpcore.ConnectTimeout)):
        resolve("no-such-host.invalid", 80, 5)
