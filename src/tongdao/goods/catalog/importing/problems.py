"""What can be wrong with a row, and with a whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tongdao.foundation.refusals import Refusal

SHOWN_MAX = 40  # characters of a wrong cell that a message repeats

MESSAGES = {
    "line_too_long": _("This line is too long to be read."),
    "record_too_long": _("A quoted cell begins here and does not end; the row was left out."),
    "encoding": _("This row has characters that cannot be read."),
    "nul": _("This row has bytes that are no text."),
    "quotes": _("The quotation marks in this row do not match."),
    "cells": _("This row has more cells than the first line has columns."),
    "empty_row": _("This row has neither a variant nor an image."),
    "handle_missing": _("This row has no handle, so it belongs to no product."),
    "handle": _("“%(value)s” cannot be a handle: no blanks and none of / ? # %% \\ < > are allowed."),
    "handle_again": _(
        "The product “%(value)s” already came further up. Its rows must stand together:"
        " sort the file by Handle."
    ),
    "title_missing": _("The first row of a product must have a title; the product was left out."),
    "no_variant": _("No row of the product “%(value)s” could be bought; the product was left out."),
    "gift_card": _("Gift cards cannot be imported; the product was left out."),
    "price_missing": _("There is no price."),
    "price": _("“%(value)s” is no price: digits with at most two decimals."),
    "number": _("“%(value)s” is no whole number in the range that is possible here."),
    "flag": _("“%(value)s” is neither true nor false."),
    "url": _("“%(value)s” is no http or https address."),
    "too_long": _("This cell has more than %(limit)s characters."),
    "return_exclusion": _("“%(value)s” is no kind of goods that cannot be given back; left as it is."),
    "policy": _("“%(value)s” is neither deny nor continue."),
    "option_missing": _("The option “%(value)s” has no value here."),
    "option_unnamed": _("There is a value for an option that the product's first row does not name."),
    "option_renamed": _("The option is called “%(value)s” here and otherwise in the product's first row."),
    "option_twice": _("Two options have the same name “%(value)s”; the product was left out."),
    "variant_twice": _("The product already has a variant with these options."),
    "sku_twice": _("The product already has a variant with the SKU “%(value)s”."),
    "too_many_rows": _("The product has more than %(limit)s variants or images; the rest was left out."),
    "too_many_products": _(
        "The file has more than %(limit)s products. What follows was not read: split the file."
    ),
}

WRONG_FILES = {
    "empty": _("it is empty."),
    "workbook": _("it is an Excel workbook. Save it as “CSV UTF-8” and import that."),
    "binary": _("it is no text."),
    "utf16": _("it is UTF-16 text. Save it as “CSV UTF-8” and import that."),
    "line_ends": _("its line ends are those of an old Mac. Save it as “CSV UTF-8” and import that."),
    "header": _("its first line does not name the columns “%(columns)s” of a Shopify product export."),
    "column_twice": _("its first line names the column “%(columns)s” twice."),
    "currency": _("prices in “%(currency)s” cannot be sold in; only CNY."),
}


@dataclass(frozen=True)
class RowProblem:
    """One row, or a part of it, that was left out. `column` is "" where the whole row is meant.

    `code` is a key of MESSAGES, `args` what its message needs.
    """

    line: int
    column: str
    code: str
    args: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Why, in the language of the request."""
        return gettext(MESSAGES[self.code]) % self.args


class CellProblem(Exception):
    """A cell that cannot be read; the reader turns it into a RowProblem."""

    def __init__(self, column: str, code: str, value: str = "", **args: str | int) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.args_of_message = {"value": shown(value), **args} if value else args

    def at(self, line: int) -> RowProblem:
        return RowProblem(line, self.column, self.code, self.args_of_message)


class WrongFile(Refusal):
    """This file cannot be imported: %(why)s"""

    status: ClassVar[int] = 422

    def __init__(self, reason: str, **details: str) -> None:
        super().__init__(None, reason=reason, why=gettext(WRONG_FILES[reason]) % details, **details)


def shown(value: str) -> str:
    """A cell as a message repeats it."""
    return value if len(value) <= SHOWN_MAX else value[: SHOWN_MAX - 1] + "…"
