"""Texts as searching sees them: one spelling for each character, and the units that are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PART = rf"[^\W_{HAN}]+"
_UNIT = re.compile(rf"([{HAN}])|{_PART}(?:[-_./+]{_PART})*")
_JOINTS = re.compile(r"[-_./+]")


class Unit(NamedTuple):
    """One Chinese character, or one word of other letters and digits, and where it stood in the text."""

    text: str
    start: int
    end: int
    han: bool


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    if char in "üÜ":
        return "v"  # as it is typed
    plain = unicodedata.normalize("NFKD", char)[:1]
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", char)
    lower = plain.lower()
    return lower if len(lower) == 1 else char


def fold(text: str) -> str:
    """Lower case, without accents and full-width forms. As many characters as before, so that places hold."""
    return "".join(map(_fold, text))


def units(text: str) -> list[Unit]:
    """The units of a text; what stands between them tells nothing."""
    return [
        Unit(found.group(), found.start(), found.end(), found.group(1) is not None)
        for found in _UNIT.finditer(fold(text))
    ]


def parts(word: str) -> list[str]:
    """What a joined word is made of: `lj-001` is lj and 001. Nothing for a word that is not joined."""
    found = _JOINTS.split(word)
    return found if len(found) > 1 else []


def runs(found: Sequence[Unit]) -> list[Sequence[Unit]]:
    """Neighbouring Chinese characters together, each word alone."""
    places: list[int] = []
    for number, unit in enumerate(found):
        before = found[number - 1] if number else None
        joined = before is not None and before.han and unit.han and before.end == unit.start
        places.append(places[-1] if joined else number)
    return [[unit for unit, _ in group] for _, group in groupby(zip(found, places, strict=True), _second)]


def _second(pair: tuple[Unit, int]) -> int:
    return pair[1]
