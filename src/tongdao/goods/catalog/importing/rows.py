"""Rows with named cells, and how each kind of cell is read. Every reading raises CellProblem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tongdao.foundation.money import BadMoney, Fen, parse_yuan

from .problems import CellProblem, WrongFile

REQUIRED = ("Handle", "Title", "Variant Price")
URL_MAX = 2000
INT_MAX = 2**31 - 1
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"} | {127: None}
_WHOLE = re.compile(r"-?[0-9]{1,10}")
_WEIGHT = re.compile(r"([0-9]{1,8})(?:\.([0-9]+))?")
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass(frozen=True)
class Row:
    """One row; a column that the file does not have reads as empty."""

    line: int
    cells: Sequence[str]
    columns: Mapping[str, int]

    def raw(self, column: str) -> str:
        """The cell without blanks around it, control characters, and carriage returns."""
        index = self.columns.get(column.casefold(), len(self.cells))
        return self.cells[index].translate(_CONTROLS).strip() if index < len(self.cells) else ""

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column.casefold() in self.columns

    def text(self, column: str, limit: int) -> str:
        """One line: every run of blanks is one blank."""
        return " ".join(self.long_text(column, limit).split())

    def long_text(self, column: str, limit: int) -> str:
        value = self.raw(column)
        if len(value) > limit:
            raise CellProblem(column, "too_long", limit=limit)
        return value

    def code(self, column: str, limit: int) -> str:
        """A number kept as text; spreadsheets put an apostrophe before it."""
        return self.text(column, limit).removeprefix("'")

    def price(self, column: str) -> Fen | None:
        value = self.raw(column)
        try:
            return parse_yuan(value) if value else None
        except BadMoney:
            raise CellProblem(column, "price", value) from None

    def whole(self, column: str) -> int | None:
        value = self.raw(column)
        if not value:
            return None
        if not _WHOLE.fullmatch(value) or abs(int(value)) > INT_MAX:
            raise CellProblem(column, "number", value)
        return int(value)

    def grams(self, column: str) -> int:
        """Whole grams, half a gram rounded up; nothing stated is 0."""
        value = self.raw(column)
        found = _WEIGHT.fullmatch(value or "0")
        if found is None:
            raise CellProblem(column, "number", value)
        return int(found.group(1)) + ((found.group(2) or "0")[0] >= "5")

    def flag(self, column: str, default: bool) -> bool:
        value = self.raw(column)
        word = value.casefold()
        if word and word not in _TRUE | _FALSE:
            raise CellProblem(column, "flag", value)
        return word in _TRUE if word else default

    def url(self, column: str) -> str:
        """An http or https address, or "". Whether it may be fetched is decided when it is."""
        value = self.text(column, URL_MAX)
        if value and not _is_web_address(value):
            raise CellProblem(column, "url", value)
        return value


def read_header(cells: Sequence[str]) -> dict[str, int]:
    """Column name, in lower case, to index. Raises WrongFile when it is no header of a product export."""
    names = [cell.strip().casefold() for cell in cells]
    missing = [column for column in REQUIRED if column.casefold() not in names]
    if missing:
        raise WrongFile("header", columns=", ".join(missing))
    for index, name in enumerate(names):
        if name and name in names[:index]:
            raise WrongFile("column_twice", columns=cells[index].strip())
    return {name: index for index, name in enumerate(names) if name}


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", value)
