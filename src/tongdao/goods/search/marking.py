"""Where in a title the match is, as parts to be drawn; never as HTML."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import NamedTuple

from tongdao.goods.search.tokens import spoken
from tongdao.goods.search.units import units


class Part(NamedTuple):
    """A piece of a text; `hit` says that it was looked for."""

    text: str
    hit: bool


def mark(title: str, sound: str, tokens: AbstractSet[str]) -> list[Part]:
    """The title in parts. `sound` is the index's; where the title has changed since, no sound is marked."""
    found = units(title)
    said = sound.split(" ")
    if len(said) != len(found):
        said = ["?"] * len(found)
    hit = [False] * len(title)
    for token, first, last in spoken(found, said):
        if token in tokens:
            hit[found[first].start : found[last].end] = [True] * (found[last].end - found[first].start)
    return [
        Part("".join(char for char, _ in part), struck)
        for struck, part in groupby(zip(title, hit, strict=True), _hit)
    ]


def _hit(pair: tuple[str, bool]) -> bool:
    return pair[1]
