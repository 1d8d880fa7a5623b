from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class ProductCreated:
    """A product came in. `source`: by hand or by import."""

    source: Code
    sku_count: int


@dataclass(frozen=True, slots=True)
class ProductUpdated:
    """Something of a product changed: texts, options, pictures, being published."""

    source: Code


@dataclass(frozen=True, slots=True)
class SkuPriced:
    """A SKU has another public price from now on; old and new price in fen stand in the event."""

    product_id: UUID
    price_version: int


@dataclass(frozen=True, slots=True)
class ProductClassified:
    """A product is of another kind, or has another registration number; the kinds stand in the event."""

    numbered: bool


@dataclass(frozen=True, slots=True)
class ReturnsSet:
    """Whether a product can be given back without a reason was changed; the codes stand in the event.
    `ask`: buyers are asked for their consent from now on.
    """

    ask: bool


@dataclass(frozen=True, slots=True)
class SkuHeld:
    """A SKU is not sold any more until its licence or its number is there."""

    product_id: UUID
    held_for: Code


@dataclass(frozen=True, slots=True)
class SkuResumed:
    """A SKU that was held back is sold again."""

    product_id: UUID


define("product.created", ProductCreated)
define("product.updated", ProductUpdated)
define("sku.priced", SkuPriced)
define("product.classified", ProductClassified)
define("product.returns_set", ReturnsSet)
define("sku.held", SkuHeld)
define("sku.resumed", SkuResumed)
