"""Loading the table of a version (once, when first asked for) and walking it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

VERSION = "2026-09"
"""The newest version: year and month in which the Ministry of Civil Affairs' list was taken."""

_VERSIONS = (VERSION,)

Level = Literal["province", "city", "county"]


class UnknownDivision(LookupError):
    """The version has no division of this code."""


class UnknownVersion(LookupError):
    """There is no such version of the table."""


@dataclass(frozen=True)
class Division:
    """One division: six-digit code, own name, level, and the code of what it lies in (None: a province)."""

    code: str
    name: str
    level: Level
    parent: str | None


Table = dict[str, Division]


def versions() -> tuple[str, ...]:
    """All versions that can be read, newest last."""
    return _VERSIONS


def _division(code: str, names: dict[str, str]) -> Division:
    province, city = code[:2] + "0000", code[:4] + "00"
    if code == province:
        return Division(code, names[code], "province", None)
    if code == city:
        return Division(code, names[code], "city", province)
    return Division(code, names[code], "county", city if city in names else province)


@cache
def _table(version: str) -> Table:
    if version not in _VERSIONS:
        raise UnknownVersion(f"no division table {version!r}; there are {', '.join(_VERSIONS)}")
    text = resources.files(__package__).joinpath(f"{version}.json").read_text("utf-8")
    names: dict[str, str] = json.loads(text)
    return {code: _division(code, names) for code in names}


@cache
def _children(version: str) -> dict[str | None, tuple[Division, ...]]:
    grouped: dict[str | None, list[Division]] = {}
    for division in _table(version).values():
        grouped.setdefault(division.parent, []).append(division)
    return {parent: tuple(found) for parent, found in grouped.items()}


def get(code: str, version: str = VERSION) -> Division:
    """The division of a code; `UnknownDivision`, `UnknownVersion`."""
    try:
        return _table(version)[code]
    except KeyError:
        raise UnknownDivision(f"no division {code!r} in version {version}") from None


def children(code: str | None = None, version: str = VERSION) -> tuple[Division, ...]:
    """What lies directly beneath, in order of code; the provinces for None; empty for a leaf."""
    if code is not None:
        get(code, version)
    return _children(version).get(code, ())


def is_leaf(code: str, version: str = VERSION) -> bool:
    """True when nothing lies beneath: an address may end here."""
    return not children(code, version)


def path(code: str, version: str = VERSION) -> tuple[Division, ...]:
    """From the province down to the division itself, one to three steps."""
    division = get(code, version)
    above = path(division.parent, version) if division.parent is not None else ()
    return (*above, division)


def full_name(code: str, version: str = VERSION) -> str:
    """The names along the path, written together as on a waybill: 浙江省杭州市西湖区."""
    return "".join(division.name for division in path(code, version))
