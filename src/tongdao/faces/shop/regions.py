"""Province, city, county: three selects that work by sending the form, and by themselves where htmx runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Choice
from tongdao.faces.shop.typed import text
from tongdao.rulebook import divisions

NAMES = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Region:
    """What is chosen so far, one code a step, empty where nothing is. Each lies in the one before it."""

    province: str = ""
    city: str = ""
    county: str = ""

    @property
    def code(self) -> str:
        """The deepest one chosen."""
        return self.county or self.city or self.province

    @property
    def whole(self) -> str | None:
        """The code, once it is chosen down to the county: freight is told from here on."""
        return self.code if self.code and divisions.is_leaf(self.code, divisions.VERSION) else None

    @property
    def provinces(self) -> list[Choice]:
        return _choices(None, _("Choose a province"))

    @property
    def cities(self) -> list[Choice]:
        """Empty where the province has no parts, or none is chosen yet."""
        return _choices(self.province, _("Choose a city")) if self.province else []

    @property
    def counties(self) -> list[Choice]:
        return _choices(self.city, _("Choose a district or county")) if self.city else []


def read_region(data: Mapping[str, object]) -> Region:
    """What was chosen; a code that does not lie in the one above it is dropped with those below."""
    kept: list[str] = []
    for name in NAMES:
        code = text(data, name, 6)
        inside = {division.code for division in divisions.children(kept[-1] if kept else None)}
        if code not in inside:
            break
        kept.append(code)
    return Region(*kept)


def region_of(code: str) -> Region:
    """The steps down to a division; none when the newest table does not know it."""
    try:
        return Region(*(division.code for division in divisions.path(code)))
    except divisions.UnknownDivision:
        return Region()


def _choices(parent: str | None, prompt: str) -> list[Choice]:
    found = divisions.children(parent)
    return [Choice("", prompt), *(Choice(one.code, one.name) for one in found)] if found else []
