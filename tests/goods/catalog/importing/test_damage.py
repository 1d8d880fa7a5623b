"""Damaged, hostile and huge files: problems with lines, never a crash, never much memory."""

from __future__ import annotations

import io
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.goods.catalog.importing import ParsedProduct, RowProblem, WrongFile, read_products
from tongdao.goods.catalog.importing.problems import MESSAGES

pytestmark = pytest.mark.pure

HEAD = b"Handle,Title,Variant Price,Body (HTML)\n"
MEGABYTE = 1024 * 1024

PIECES = [
    b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b"b", b"1", b"9.99", b"\xff", b"\0", b";",
    b"\xd6\xd0", "中".encode(),
    b"\xef\xbb\xbf", b"a,A,1,x\n", b'b,"B\nB",2,y\n', b"<p>", b" ",
]  # fmt: skip
garbage = st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=40).map(b"".join)


def handles_and_problems(content: bytes) -> tuple[list[str], list[tuple[int, str]]]:
    found = list(read_products(io.BytesIO(content)))
    products = [item.handle for item in found if isinstance(item, ParsedProduct)]
    return products, [(item.line, item.code) for item in found if isinstance(item, RowProblem)]


@given(garbage, st.booleans())
def test_any_bytes_are_read_or_refused(body: bytes, with_head: bool) -> None:
    content = HEAD + body if with_head else body
    lines = content.count(b"\n") + 1
    try:
        found = list(read_products(io.BytesIO(content)))
    except WrongFile:
        return
    for item in found:
        assert 1 <= item.line <= lines
        assert isinstance(item, ParsedProduct) or (item.code in MESSAGES and item.message)
    handles = [item.handle for item in found if isinstance(item, ParsedProduct)]
    assert len(set(handles)) == len(handles)


@given(garbage.filter(lambda body: b'"' not in body and b"\r" not in body), st.integers(0, 1))
def test_what_has_no_quotes_cannot_hurt_its_neighbours(body: bytes, end: int) -> None:
    content = HEAD + b"first,F,1,x\n" + body.rstrip(b"\n") + b"\nlast,L,2,y" + b"\n" * end
    try:
        handles, _ = handles_and_problems(content)
    except WrongFile:
        return
    assert (handles[0], handles[-1]) == ("first", "last")


def test_quoted_line_ends_stay_in_their_cell_and_lines_are_counted() -> None:
    content = HEAD + b'a,A,1,"<p>x</p>\r\n\r\n""y"""\r\nb,B,no,\r\n'
    found = list(read_products(io.BytesIO(content)))
    assert isinstance(found[0], ParsedProduct)
    assert found[0].body_html == '<p>x</p>\n\n"y"'
    assert isinstance(found[1], RowProblem)
    assert found[1].line == 5


def test_an_open_quote_costs_its_own_row_only() -> None:
    handles, problems = handles_and_problems(HEAD + b'a,A,1,\nb,B,1,"open\nc,C,1,\nd,D,1,\n')
    assert handles == ["a", "c", "d"]
    assert problems == [(3, "record_too_long")]


def test_an_open_quote_that_meets_another_costs_its_own_row_only() -> None:
    handles, problems = handles_and_problems(HEAD + b'a,A,1,"open\nb,B,1,"closed"\nc,C,1,\n')
    assert handles == ["b", "c"]
    assert problems == [(2, "quotes")]


def test_unreadable_characters_cost_their_row_only() -> None:
    rows = "\n".join(f"h{n},名{n},1," for n in range(50)).encode().split(b"\n")
    rows[20] = b"bad,\xff\xfe\xfa,1,"
    rows[30] = b"nul,\0,1,"
    handles, problems = handles_and_problems(HEAD + b"\n".join(rows))
    assert len(handles) == 48
    assert problems == [(22, "encoding"), (32, "nul")]


def test_gb18030_is_recognised_late_in_a_file() -> None:
    content = HEAD + b"a,A,1,\n" * 100 + "b,龙井茶,1,\n".encode("gb18030")
    (product,) = [
        item
        for item in read_products(io.BytesIO(content))
        if isinstance(item, ParsedProduct) and item.handle == "b"
    ]
    assert product.title == "龙井茶"


class Stream(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # what io.BufferedReader hands over
        self._rest = self._rest or next(self._pieces, b"")
        taken = min(len(view), len(self._rest))
        view[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def products(megabytes: int) -> Iterator[bytes]:
    yield HEAD
    body = "<p>好茶慢慢喝。</p>" * 400
    for number in range(megabytes * 100):
        yield f'p{number},第{number}款,{number}.{number % 100:02d},"{body}\n"\n'.encode()


def one_product(megabytes: int) -> Iterator[bytes]:
    yield HEAD + b"a,A,1,\n"
    for number in range(megabytes * 1024):
        yield f"a,,{number % 3 or 'x'},{'x' * 1000}\n".encode()


def open_quote(megabytes: int) -> Iterator[bytes]:
    yield HEAD + b'a,A,1,"open\n'
    for number in range(megabytes * 100):
        yield f"h{number},H,1,{'x' * 10_000}\n".encode()


def open_quotes(megabytes: int) -> Iterator[bytes]:
    """Each line leaves a quote open, alone as well as inside the one before: the worst to recover from."""
    yield HEAD
    for _ in range(megabytes * 16):
        yield b'a","\n' * (MEGABYTE // 16 // 5)


def one_line(megabytes: int) -> Iterator[bytes]:
    yield HEAD + b'a,A,1,"'
    for _ in range(megabytes * 16):
        yield b"x" * (MEGABYTE // 16)
    yield b'"\nb,B,2,\n'


def commas(megabytes: int) -> Iterator[bytes]:
    yield HEAD
    for _ in range(megabytes * 16):
        yield b"," * (MEGABYTE // 16)


def count(pieces: Iterator[bytes]) -> tuple[Counter[str], int]:
    """How many products, and problems by code; and the peak of memory while reading, in bytes."""
    found: Counter[str] = Counter()
    tracemalloc.start()
    try:
        for item in read_products(io.BufferedReader(Stream(pieces))):
            found["product" if isinstance(item, ParsedProduct) else item.code] += 1
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_fifty_megabytes_of_products_take_little_memory() -> None:
    found, peak = count(products(50))
    assert found == {"product": 5000}
    assert peak < 20 * MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (one_product, {"product": 1, "price": 17_067, "variant_twice": 34_133}),
        (open_quote, {"product": 5000, "record_too_long": 1}),
        (one_line, {"product": 1, "line_too_long": 1}),
        (commas, {"line_too_long": 1}),
    ],
)
def test_hostile_files_take_little_memory(
    make: Callable[[int], Iterator[bytes]], expected: dict[str, int]
) -> None:
    found, peak = count(make(50))
    assert found == expected
    assert peak < 12 * MEGABYTE


def test_quotes_that_never_match_are_read_in_bounded_steps() -> None:
    found, peak = count(open_quotes(2))
    assert found["record_too_long"] > 40
    assert peak < 40 * MEGABYTE
