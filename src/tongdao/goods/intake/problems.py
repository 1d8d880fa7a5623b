"""What can be wrong with a row that was read well, but does not fit what the shop has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tongdao.goods.catalog.importing import RowProblem
from tongdao.goods.catalog.importing.problems import MESSAGES as READING

SHOWN_MAX = 200  # problems kept with their line; of the others only the number

MESSAGES = {
    **READING,
    "code_taken": _("The SKU “%(value)s” belongs to another product; this variant was left out."),
    "options_taken": _("Another SKU of the product already has these options; this variant was left out."),
    "too_dear": _("A price is at most 10,000,000 yuan; this variant was left out."),
    "too_long_here": _("This is too long to be kept; it was left out."),
    "no_sku_left": _("None of its variants could go in, so the product “%(value)s” was left out."),
    "options_changed": _(
        "The product has other options now. %(count)s SKUs that are not in the file do not fit them"
        " and were taken off sale."
    ),
    "count_range": _("A stock count is at most 1,000,000; the stock was left as it is."),
    "below_promised": _("%(promised)s units are promised to open orders; the stock was left as it is."),
    "not_stored": _("The product “%(value)s” could not be stored just now. Import the file again."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One row, or a part of it, that did not go in. `line` from 1; `column` is "" for the whole row."""

    line: int
    column: str
    code: str
    args: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Why, in the language of the request."""
        return gettext(MESSAGES[self.code]) % self.args

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "code": self.code, "args": dict(self.args)}


def read_problem(found: RowProblem) -> Problem:
    """A problem of reading, as one of importing."""
    return Problem(found.line, found.column, found.code, dict(found.args))
