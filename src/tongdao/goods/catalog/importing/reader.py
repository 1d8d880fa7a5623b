"""Reading a product file: which rows make a product, and what happens to the rest.

Rows of one handle stand together; the first has the title. A handle that comes again further down is refused
(one problem, its rows left out), since its rows could only be joined by holding the whole file. A row without
a handle is reported and does not end the product around it. Within a product see product. Memory holds one
product (at most 2,048 variants and 250 images), one row (120,000 characters) and a mark of every handle
(100 bytes, 200,000 handles at most).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import BinaryIO

from .lines import Lines
from .parsed import ParsedProduct
from .problems import CellProblem, RowProblem, WrongFile
from .product import NAME_MAX, Product
from .records import Record, read_records
from .rows import Row, read_header

CURRENCIES = frozenset({"CNY"})
PRODUCTS_MAX = 200_000
_HANDLE = re.compile(r"(?!\.{1,2}\Z)[^\s/?#%\\<>\"]+")

Found = ParsedProduct | RowProblem


def read_products(stream: BinaryIO, *, currency: str = "CNY") -> Iterator[Found]:
    """Products and problems of a file in the Shopify export format, in the order of the file.

    UTF-8 (with or without BOM) or GB 18030; comma, semicolon or tab; any line ends but the old Mac's.
    Raises WrongFile at once when the file is none of that or names no products; never afterwards.
    A file may hold a problem on each of its lines: a caller that keeps them keeps a bounded number.
    """
    if currency not in CURRENCIES:
        raise WrongFile("currency", currency=currency)
    records = read_records(Lines(stream))
    header = next(records, None)
    columns = read_header(header.cells if isinstance(header, Record) else ())
    return _products(records, columns, len(header.cells) if isinstance(header, Record) else 0)


def _products(
    records: Iterator[Record | RowProblem], columns: Mapping[str, int], width: int
) -> Iterator[Found]:
    seen = _Seen()
    product: Product | None = None
    for record in records:
        if isinstance(record, RowProblem):
            yield record
            continue
        try:
            row, handle = _row(record, columns, width)
        except CellProblem as problem:
            yield problem.at(record.line)
            continue
        if product is None or product.handle != handle:
            if product:
                yield from product.finish()
            if seen.full():
                yield RowProblem(row.line, "", "too_many_products", {"limit": PRODUCTS_MAX})
                return
            product = Product(row, handle, again=seen.before(handle))
        yield from product.add(row)
    if product:
        yield from product.finish()


def _row(record: Record, columns: Mapping[str, int], width: int) -> tuple[Row, str]:
    if any(record.cells[width:]):
        raise CellProblem("", "cells")
    row = Row(record.line, record.cells, columns)
    handle = row.text("Handle", NAME_MAX)
    if not handle:
        raise CellProblem("Handle", "handle_missing")
    if not _HANDLE.fullmatch(handle):
        raise CellProblem("Handle", "handle", handle)
    return row, handle


class _Seen:
    """Which handles came before, as hashes."""

    def __init__(self) -> None:
        self._hashes: set[bytes] = set()

    def full(self) -> bool:
        return len(self._hashes) >= PRODUCTS_MAX

    def before(self, handle: str) -> bool:
        mark = blake2b(handle.encode(), digest_size=8).digest()
        known = mark in self._hashes
        self._hashes.add(mark)
        return known
