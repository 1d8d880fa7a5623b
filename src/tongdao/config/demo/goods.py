"""The demo shop: an invented workshop for tea ware, with pictures drawn for this project.

Prices are in fen, weights in grams. Texts are Chinese, because the shop is. The one crossed-out price
states its base. The food item carries a credential number of zeros, plainly marked as a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PICTURES = Path(__file__).parent / "pictures"


@dataclass(frozen=True)
class DemoVariant:
    """One SKU: a value for each option of its product, in their order."""

    values: tuple[str, ...]
    sku_code: str
    price_fen: int
    compare_at_fen: int | None
    grams: int
    stock: int


@dataclass(frozen=True)
class DemoProduct:
    handle: str
    title: str
    body_html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    options: tuple[str, ...]
    variants: tuple[DemoVariant, ...]
    pictures: tuple[tuple[str, str], ...]  # (file in PICTURES, what it shows)
    compare_at_base: str = ""  # what the crossed-out price is; empty where there is none
    return_exclusion: str = ""  # code of rulebook.returns


@dataclass(frozen=True)
class DemoStore:
    slug: str
    company: str
    name: str
    brand: str
    tagline: str
    about: str
    hero: str  # file in PICTURES, 1200 × 750
    hero_alt: str
    avatar: str  # file in PICTURES, 400 × 400
    products: tuple[DemoProduct, ...]
