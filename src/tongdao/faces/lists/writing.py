"""Rows into files. A text that a spreadsheet would take for a formula is made a text again.

CSV: UTF-8 with its byte order mark, which Excel needs, CRLF, RFC 4180 quoting. XLSX: one sheet, written row
by row (xlsxwriter, constant_memory), never more than a row in memory.
"""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.kit.money_text import yuan_plain
from tongdao.faces.lists.reading import Item
from tongdao.faces.lists.shapes import Column

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
CELL_MOST = 32_767  # characters that a cell of a spreadsheet holds


class Writer(ABC):
    """Opened on a new file; complete when it is left without an error."""

    def __init__(self, path: Path, columns: Sequence[Column], *, unmasked: bool) -> None:
        path.unlink(missing_ok=True)
        self.columns, self.unmasked = columns, unmasked

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def write(self, item: Item) -> None:
        self.put([self._value(item, column) for column in self.columns])

    def _value(self, item: Item, column: Column) -> object:
        """A text that is safe, a whole number, a time, or fen as they stand in their column."""
        value = item.value(column)
        if column.mask and value and not self.unmasked:
            value = column.mask(str(value))
        if value is None or isinstance(value, int | datetime | date):
            return value
        return safe(plain(column, value))

    @abstractmethod
    def put(self, values: Sequence[object]) -> None:
        """One row; values stand in the order of the columns."""

    @abstractmethod
    def close(self) -> None: ...

    def head(self) -> list[str]:
        """Amounts are in yuan."""
        unit = _("%(column)s (yuan)")
        return [unit % {"column": c.label} if c.kind == "money" else str(c.label) for c in self.columns]


class CsvWriter(Writer):
    def __init__(self, path: Path, columns: Sequence[Column], *, unmasked: bool) -> None:
        super().__init__(path, columns, unmasked=unmasked)
        self.file = path.open("x", encoding="utf-8-sig", newline="")
        path.chmod(0o600)
        self.csv = csv.writer(self.file)
        self.csv.writerow(self.head())

    def put(self, values: Sequence[object]) -> None:
        row = zip(self.columns, values, strict=True)
        self.csv.writerow([_csv_text(column, value) for column, value in row])

    def close(self) -> None:
        self.file.close()


class XlsxWriter(Writer):
    def __init__(self, path: Path, columns: Sequence[Column], *, unmasked: bool) -> None:
        super().__init__(path, columns, unmasked=unmasked)
        path.touch(0o600)
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self.book = xlsxwriter.Workbook(str(path), options)
        self.sheet = self.book.add_worksheet()
        self.money = self.book.add_format({"num_format": "#,##0.00"})
        self.time = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        bold = self.book.add_format({"bold": True})
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, len(columns) - 1, 18)
        for place, label in enumerate(self.head()):
            self.sheet.write_string(0, place, label, bold)
        self.at = 0

    def put(self, values: Sequence[object]) -> None:
        self.at += 1
        for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self._cell(place, column, value)

    def _cell(self, place: int, column: Column, value: object) -> None:
        if isinstance(value, datetime):
            self.sheet.write_datetime(self.at, place, localtime(value).replace(tzinfo=None), self.time)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.at, place, value, self.day)
        elif column.kind == "money" and isinstance(value, int):
            # A spreadsheet knows no other numbers; it is shown, never reckoned with, and exact to 15 digits.
            self.sheet.write_number(self.at, place, value / 100, self.money)
        elif isinstance(value, int):
            self.sheet.write_number(self.at, place, value)
        elif value:
            self.sheet.write_string(self.at, place, str(value))

    def close(self) -> None:
        self.book.close()


FORMATS: Mapping[str, type[CsvWriter] | type[XlsxWriter]] = {"csv": CsvWriter, "xlsx": XlsxWriter}


def plain(column: Column, value: Any) -> str:
    """What a column's value is in a text of one cell."""
    if column.kind == "tag":
        words = column.words.get(str(value))
        return str(words[0]) if words else str(value)
    if column.kind == "lines":
        return "\n".join(str(line) for line in value)
    if column.kind == "share":
        of, whole = value
        return str(of) if whole is None else _("%(of)s of %(all)s") % {"of": of, "all": whole}
    return str(value)


def safe(text: str) -> str:
    """Never a formula, never longer than a cell."""
    return f"'{text}"[:CELL_MOST] if text.startswith(DANGEROUS) else text[:CELL_MOST]


def _csv_text(column: Column, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M:%S}"
    return yuan_plain(value) if column.kind == "money" else str(value)
