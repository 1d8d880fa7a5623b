"""Pages with holes, their tags, and what a conditional request gets."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.fragments import KEPT_BY_ONE, Composed, Hole, answer, compose, compose_packed

pytestmark = pytest.mark.pure
HEADERS = {"Content-Type": "text/plain", "Cache-Control": KEPT_BY_ONE, "Vary": "Cookie"}
PAGE = compose(f"a{Hole('cart')}b{Hole('friend')}c{Hole('cart')}d")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def ask(page: Composed, method: str = "GET", **headers: str) -> HttpResponse:
    return answer(RequestFactory().generic(method, "/", headers=headers), page, HEADERS)


def test_holes_are_empty_until_they_are_filled() -> None:
    assert (PAGE.body, PAGE.holes) == (b"abcd", ("cart", "friend", "cart"))
    assert PAGE.filled({"cart": "1"}).body == b"a1bc1d"
    assert PAGE.filled({"cart": "", "other": "x"}) is PAGE
    assert PAGE.body == b"abcd"


@given(TEXT, TEXT, TEXT)
def test_what_is_filled_in_is_not_read_as_a_hole(before: str, part: str, after: str) -> None:
    page = compose(f"{before}{Hole('cart')}{after}")
    filled = page.filled({"cart": f"{part}{Hole('cart')}"})
    assert filled.body.decode() == f"{before}{part}{Hole('cart')}{after}"
    assert filled.holes == ()


def test_a_hole_has_a_plain_name() -> None:
    with pytest.raises(ValueError, match="no name"):
        Hole("Cart 1")


@given(TEXT, TEXT)
def test_a_tag_is_that_of_the_bytes(one: str, other: str) -> None:
    assert (compose(one).etag == compose(other).etag) == (one == other)


def test_each_filling_has_its_own_tag() -> None:
    tags = {PAGE.etag, PAGE.filled({"cart": "1"}).etag, PAGE.filled({"cart": "2"}).etag}
    assert len(tags) == 3
    assert PAGE.filled({"cart": "1"}).etag == compose("a1bc1d").etag


@pytest.mark.parametrize("asked", [PAGE.etag, f"W/{PAGE.etag}", f'"x", {PAGE.etag}', "*"])
def test_who_has_it_gets_304_without_a_body(asked: str) -> None:
    response = ask(PAGE, if_none_match=asked)
    assert (response.status_code, response.content) == (304, b"")
    told = {name: response[name] for name in ("ETag", "Cache-Control", "Vary")}
    assert told == {"ETag": PAGE.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    assert "Content-Type" not in response


@pytest.mark.parametrize("headers", [{}, {"if_none_match": '"other"'}, {"if_match": PAGE.etag}])
def test_who_does_not_gets_it_whole(headers: dict[str, str]) -> None:
    response = ask(PAGE, **headers)
    assert (response.status_code, response.content, response["ETag"]) == (200, b"abcd", PAGE.etag)


def test_a_condition_that_fails_is_412() -> None:
    assert ask(PAGE, if_match='"other"').status_code == 412


LONG = compose_packed(f"{'long ' * 500}{Hole('cart')}")


@pytest.mark.parametrize("takes", ["gzip", "br, gzip;q=0.5", "deflate, gzip", "gzip;q=1.0, *;q=0"])
def test_who_takes_gzip_gets_it_under_a_tag_of_its_own(takes: str) -> None:
    plain, packed = ask(LONG), ask(LONG, accept_encoding=takes)
    assert (packed["Content-Encoding"], gzip.decompress(packed.content)) == ("gzip", plain.content)
    assert len(packed.content) < len(plain.content)
    assert packed["ETag"] != plain["ETag"]
    kept = ask(LONG, accept_encoding=takes, if_none_match=packed["ETag"])
    assert (kept.status_code, kept.content, "Content-Encoding" in kept) == (304, b"", False)
    assert ask(LONG, accept_encoding=takes, if_none_match=plain["ETag"]).status_code == 200


@pytest.mark.parametrize("takes", ["", "br", "gzip;q=0", "gzip;q=0.0, br", "x-gzip2"])
def test_who_does_not_take_gzip_does_not_get_it(takes: str) -> None:
    assert "Content-Encoding" not in ask(LONG, accept_encoding=takes)


def test_what_is_one_visitors_own_is_never_packed() -> None:
    assert "Content-Encoding" not in ask(LONG.filled({"cart": "1"}), accept_encoding="gzip")


def test_what_packing_makes_no_shorter_stays() -> None:
    assert compose_packed("a").packed == b""
