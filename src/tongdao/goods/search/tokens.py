"""What of a product is written into the index, and what it weighs.

Kinds of tokens, told apart by their first character: a Chinese character or two neighbours, a word; `=` the
sound of one or two characters (=longjing); `~` the initials of two (~lj); `#` a whole SKU code or barcode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tongdao.goods.search.models import LONGEST
from tongdao.goods.search.pinyin import sounds
from tongdao.goods.search.units import Unit, fold, parts, units

# Where a token stands decides its weight; results are sorted by it, the newest product first among equals.
CODE, TITLE_BEGINS, TITLE, KIND, OPTION = 5, 4, 3, 2, 1
MOST_CODES = 500  # of one product; the others are found by title only
ALL_INDEXED = 200  # units of one text


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a product that are searched: `kinds` are brand, type and tags."""

    title: str
    kinds: Sequence[str] = ()
    options: Sequence[str] = ()
    codes: Sequence[str] = field(default=())


def code_token(code: str) -> str:
    return "#" + "".join(fold(code).split())[: LONGEST - 1]


def spoken(found: Sequence[Unit], said: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Tokens of a text with the first and the last unit that each covers. `said`: a sound for each unit."""
    for place, unit in enumerate(found):
        yield unit.text[:LONGEST], place, place
        if not unit.han:
            yield from ((part[:LONGEST], place, place) for part in parts(unit.text))
            continue
        yield f"={said[place]}", place, place
        after = found[place + 1] if place + 1 < len(found) else None
        if after is not None and after.han and after.start == unit.end:
            yield unit.text + after.text, place, place + 1
            yield f"={said[place]}{said[place + 1]}", place, place + 1
            yield f"~{said[place][0]}{said[place + 1][0]}", place, place + 1


def read_texts(texts: Texts) -> tuple[dict[str, int], str]:
    """The product's tokens with their weights, and the sound of its title."""
    weights: dict[str, int] = {}
    found = units(texts.title)[:ALL_INDEXED]
    said = sounds(found)
    for token, first, _ in spoken(found, said):
        _note(weights, token, TITLE if first else TITLE_BEGINS)
    _note_all(weights, texts.kinds, KIND)
    _note_all(weights, texts.options, OPTION)
    codes = [code for code in texts.codes if code.strip()][:MOST_CODES]
    _note_all(weights, (part for code in codes for part in parts(code)), OPTION)
    for code in codes:
        _note(weights, code_token(code), CODE)
    return weights, " ".join(said)


def _note_all(weights: dict[str, int], texts: Iterable[str], weight: int) -> None:
    for text in dict.fromkeys(texts):
        found = units(text)[:ALL_INDEXED]
        for token, _, _ in spoken(found, sounds(found)):
            _note(weights, token, weight)


def _note(weights: dict[str, int], token: str, weight: int) -> None:
    weights[token] = max(weight, weights.get(token, 0))
