"""What a product file says, once read. `line` is the line of the file where the row begins, from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tongdao.foundation.money import Fen

Policy = Literal["deny", "continue"]  # what happens at stock zero: refuse the order, or take it all the same


@dataclass(frozen=True)
class ParsedVariant:
    """One thing to buy. `option_values` has one value for each of the product's options, in their order.

    `compare_at` is above `price` or None. `stock` is >= 0 (an oversold one counts as 0), None where the file
    says nothing. Weight in whole grams; the file's weight unit is only how Shopify shows it.
    """

    line: int
    option_values: tuple[str, ...]
    sku_code: str | None
    price: Fen
    compare_at: Fen | None
    grams: int
    stock: int | None
    barcode: str
    requires_shipping: bool
    taxable: bool
    image_url: str
    policy: Policy


@dataclass(frozen=True)
class ParsedImage:
    """One picture, not fetched yet; a product has each URL once."""

    line: int
    url: str
    position: int
    alt: str


@dataclass(frozen=True)
class ParsedProduct:
    """A product with at least one variant. `options` are names; empty where there is only one thing to buy.

    `body_html` is sanitised. `images` are in the order of their positions. `return_exclusion` is a code of
    rulebook.returns or empty, None where the file says nothing of it.
    """

    line: int
    handle: str
    title: str
    body_html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    published: bool
    options: tuple[str, ...]
    variants: tuple[ParsedVariant, ...]
    images: tuple[ParsedImage, ...]
    return_exclusion: str | None = None
