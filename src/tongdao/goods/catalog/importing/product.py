"""The rows of one product, put together.

A row holds up to three things: the product (first row only), a variant, an image. Each is read on its own: a
bad cell leaves out the thing it belongs to, and the others go in. So a first row with a bad price still gives
the product its title, options and image. A bad vendor, type, tag list, body or published cell is reported and
read as empty (unpublished). Without a title on its first row the whole product is left out, reported once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from tongdao.foundation.html import HTML_MAX, sanitise
from tongdao.rulebook.returns import EXCLUSIONS

from .parsed import ParsedImage, ParsedProduct, ParsedVariant
from .problems import CellProblem, RowProblem, shown
from .rows import Row
from .variant import has_variant, read_option_names, read_variant

NAME_MAX = 255
LABEL_MAX = 120
TAGS_MAX = 5000  # characters of the cell
ALT_MAX = 512
VARIANTS_MAX = 2048
IMAGES_MAX = 250

WORDS = {
    word: kind.code
    for version in EXCLUSIONS.versions
    for kind in version.value.kinds.values()
    for word in (kind.code, kind.zh, kind.en)
}

T = TypeVar("T")


class Product:
    """Takes rows of one handle in their order; `finish` gives the product, if there is one."""

    def __init__(self, first: Row, handle: str, *, again: bool = False) -> None:
        self.handle = handle
        self._again = again
        self._first = first
        self._dead = False
        self._full: set[str] = set()
        self._codes: set[str | None] = set()
        self._title = ""
        self._options: tuple[str, ...] = ()
        self._variants: dict[tuple[str, ...], ParsedVariant] = {}
        self._images: dict[str, ParsedImage] = {}

    def add(self, row: Row) -> Iterator[RowProblem]:
        """Read one row; what is wrong with it comes out, line by line."""
        if row is self._first:
            yield from self._taken(self._begin, row)
            self._dead = not self._title
        if self._dead:
            return
        variant, image = row is self._first or has_variant(row), bool(row.raw("Image Src"))
        if variant:
            yield from self._taken(self._take_variant, row)
        if image:
            yield from self._taken(self._take_image, row)
        if not variant and not image:
            yield RowProblem(row.line, "", "empty_row")

    def finish(self) -> Iterator[ParsedProduct | RowProblem]:
        """The product, after what was wrong with its own cells."""
        if self._dead:
            return
        if not self._variants:
            yield RowProblem(self._first.line, "", "no_variant", {"value": shown(self.handle)})
            return
        problems: list[RowProblem] = []
        product = self._product(problems)
        yield from problems
        yield product

    @staticmethod
    def _taken(take: Callable[[Row], None], row: Row) -> Iterator[RowProblem]:
        try:
            take(row)
        except CellProblem as problem:
            yield problem.at(row.line)

    def _begin(self, row: Row) -> None:
        if self._again:
            raise CellProblem("Handle", "handle_again", self.handle)
        title = row.text("Title", NAME_MAX)
        if not title:
            raise CellProblem("Title", "title_missing")
        if row.flag("Gift Card", False):
            raise CellProblem("Gift Card", "gift_card")
        self._options = read_option_names(row)
        self._title = title  # last: what has a title here is alive

    def _product(self, problems: list[RowProblem]) -> ParsedProduct:
        row = self._first

        def read(reading: Callable[[], T], otherwise: T) -> T:
            try:
                return reading()
            except CellProblem as problem:
                problems.append(problem.at(row.line))
                return otherwise

        return ParsedProduct(
            line=row.line,
            handle=self.handle,
            title=self._title,
            body_html=sanitise(read(lambda: row.long_text("Body (HTML)", HTML_MAX), "")),
            vendor=read(lambda: row.text("Vendor", LABEL_MAX), ""),
            product_type=read(lambda: row.text("Type", LABEL_MAX), ""),
            tags=_tags(read(lambda: row.text("Tags", TAGS_MAX), "")),
            published=read(lambda: _published(row), False),
            options=self._options,
            variants=tuple(self._variants.values()),
            return_exclusion=read(lambda: _exclusion(row), None),
            images=tuple(sorted(self._images.values(), key=lambda image: (image.position, image.line))),
        )

    def _take_variant(self, row: Row) -> None:
        if not self._has_room(len(self._variants), VARIANTS_MAX, "variant"):
            return
        variant = read_variant(row, self._options)
        if variant.option_values in self._variants:
            raise CellProblem("", "variant_twice")
        code = variant.sku_code
        if code and code in self._codes:
            raise CellProblem("Variant SKU", "sku_twice", code)
        self._codes.add(code)
        self._variants[variant.option_values] = variant

    def _take_image(self, row: Row) -> None:
        if not self._has_room(len(self._images), IMAGES_MAX, "image"):
            return
        url, alt = row.url("Image Src"), row.text("Image Alt Text", ALT_MAX)
        position = row.whole("Image Position")
        place = len(self._images) + 1 if position is None else position
        self._images.setdefault(url, ParsedImage(row.line, url, place, alt))

    def _has_room(self, taken: int, limit: int, kind: str) -> bool:
        """Whether one more fits; the first one that does not is reported, the rest is left out."""
        if taken < limit:
            return True
        if kind in self._full:
            return False
        self._full.add(kind)
        raise CellProblem("", "too_many_rows", limit=limit)


def _published(row: Row) -> bool:
    """Newer exports also have a status: only an active product is shown."""
    return row.flag("Published", True) and row.raw("Status").casefold() in {"", "active"}


def _exclusion(row: Row) -> str | None:
    """A column of our own; in a file without it a product stays as it is. The word is a code, or its name."""
    if not row.has("Return Exclusion"):
        return None
    word = row.text("Return Exclusion", LABEL_MAX)
    if word and word not in WORDS:
        raise CellProblem("Return Exclusion", "return_exclusion", word)
    return WORDS.get(word, "")


def _tags(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip()[:NAME_MAX] for tag in cell.split(",") if tag.strip()))
