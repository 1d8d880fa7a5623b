"""The variant in a row: its options, its price, its stock."""

from __future__ import annotations

from .parsed import ParsedVariant, Policy
from .problems import CellProblem
from .rows import Row

OPTION_COLUMNS = (1, 2, 3)
OPTION_MAX = 255
CODE_MAX = 120
BARCODE_MAX = 64
MARKS = (
    *(f"Option{n} Value" for n in OPTION_COLUMNS),
    "Variant SKU",
    "Variant Price",
    "Variant Barcode",
    "Variant Inventory Qty",
)


def has_variant(row: Row) -> bool:
    """Whether a row holds a variant at all; rows that only bring an image leave these cells empty."""
    return any(row.raw(column) for column in MARKS)


def read_option_names(row: Row) -> tuple[str, ...]:
    """The option names of a product's first row.

    A product without options is written as the one option "Title" with the value "Default Title".
    """
    names = [row.text(f"Option{n} Name", OPTION_MAX) for n in OPTION_COLUMNS]
    while names and not names[-1]:
        names.pop()
    first = (name.casefold() for name in (*names, row.raw("Option1 Value")))
    if list(first) == ["title", "default title"]:
        return ()
    for index, name in enumerate(names):
        if not name:
            raise CellProblem(f"Option{index + 1} Name", "option_unnamed")
        if name in names[:index]:
            raise CellProblem(f"Option{index + 1} Name", "option_twice", name)
    return tuple(names)


def read_variant(row: Row, options: tuple[str, ...]) -> ParsedVariant:
    """One variant. Raises CellProblem on the first cell that cannot be read."""
    price, compare_at = row.price("Variant Price"), row.price("Variant Compare At Price")
    if price is None:
        raise CellProblem("Variant Price", "price_missing")
    stock = row.whole("Variant Inventory Qty")
    return ParsedVariant(
        line=row.line,
        option_values=_option_values(row, options),
        sku_code=row.code("Variant SKU", CODE_MAX) or None,
        price=price,
        compare_at=compare_at if compare_at is not None and compare_at > price else None,
        grams=row.grams("Variant Grams"),
        stock=None if stock is None else max(stock, 0),
        barcode=row.code("Variant Barcode", BARCODE_MAX),
        requires_shipping=row.flag("Variant Requires Shipping", True),
        taxable=row.flag("Variant Taxable", True),
        image_url=row.url("Variant Image"),
        policy=_policy(row),
    )


def _option_values(row: Row, options: tuple[str, ...]) -> tuple[str, ...]:
    values = [row.text(f"Option{n} Value", OPTION_MAX) for n in OPTION_COLUMNS]
    if not options and [value.casefold() for value in values] == ["default title", "", ""]:
        return ()
    for n, value in zip(OPTION_COLUMNS, values, strict=True):
        named = options[n - 1] if n <= len(options) else ""
        here = row.raw(f"Option{n} Name")
        if value and not named:
            raise CellProblem(f"Option{n} Value", "option_unnamed")
        if named and not value:
            raise CellProblem(f"Option{n} Value", "option_missing", named)
        if named and here and here != named:
            raise CellProblem(f"Option{n} Name", "option_renamed", here)
    return tuple(values[: len(options)])


def _policy(row: Row) -> Policy:
    value = row.raw("Variant Inventory Policy")
    match value.casefold():
        case "" | "deny":
            return "deny"
        case "continue":
            return "continue"
    raise CellProblem("Variant Inventory Policy", "policy", value)
