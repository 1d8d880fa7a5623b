"""Product files in the Shopify export format, read row by row with bounded memory.

`read_products` is pure: it yields products and problems and writes nothing. See reader for the rules.
"""

from __future__ import annotations

from .parsed import ParsedImage, ParsedProduct, ParsedVariant
from .problems import RowProblem, WrongFile
from .reader import read_products

__all__ = ["ParsedImage", "ParsedProduct", "ParsedVariant", "RowProblem", "WrongFile", "read_products"]
