"""Rows out of lines, with the csv module in its strict mode and a bound on every row.

A quote that is not closed swallows what follows. Such a row ends at RECORD_CHARS_MAX or at the end of the
file, is reported, and reading goes on with the line after the one where it began, so that its neighbours are
not lost. A file made to provoke this costs at most REWINDS_MAX re-readings; after that swallowed lines stay
swallowed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from .lines import Line, Lines
from .problems import RowProblem

RECORD_CHARS_MAX = (
    120_000  # below the field limit of the csv module (131,072), so that this bound comes first
)
REWINDS_MAX = 100
DELIMITERS = ",;\t"


class Record(NamedTuple):
    """A row: the line where it begins, and its cells."""

    line: int
    cells: list[str]


class _Broken(csv.Error):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Feed(Iterator[str]):
    """The lines that the csv module asked for since the row began."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.begin()

    def begin(self) -> None:
        self.taken: list[Line] = []
        self._size = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        self._size += len(line.text)
        if line.flaw == "line_too_long":
            raise _Broken(line.flaw)
        if self._size > RECORD_CHARS_MAX:
            raise _Broken("record_too_long" if len(self.taken) > 1 else "line_too_long")
        return line.text

    def flaw(self) -> Line | None:
        return next((line for line in self.taken if line.flaw), None)


def read_records(lines: Lines) -> Iterator[Record | RowProblem]:
    """Rows in their order, blank ones left out; a row that cannot be read is a problem in its place."""
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=_delimiter(lines), strict=True)
    rewinds = REWINDS_MAX
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _problem(feed, error)
            if len(feed.taken) > 1 and rewinds:
                lines.give_back(feed.taken[1:])
                rewinds -= 1
            continue
        flawed = feed.flaw()
        if flawed:
            yield RowProblem(flawed.number, "", flawed.flaw)
        elif any(cell.strip() for cell in cells):
            yield Record(feed.taken[0].number, cells)


def _problem(feed: _Feed, error: csv.Error) -> RowProblem:
    code = error.code if isinstance(error, _Broken) else "quotes"
    if "unexpected end" in str(error):
        code = "record_too_long"
    return RowProblem(feed.taken[0].number, "", code)


def _delimiter(lines: Lines) -> str:
    first = next(lines, None)
    if first is None:
        return ","
    lines.give_back([first])
    return max(DELIMITERS, key=first.text.count)
