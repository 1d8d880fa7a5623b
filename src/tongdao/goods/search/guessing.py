"""What somebody may have meant who mistyped: one edit in letters, another character of the same sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from tongdao.goods.search.asking import MOST_MEANINGS, Key, Meaning, syllables, typed_words
from tongdao.goods.search.pinyin import sounds, ways
from tongdao.goods.search.spelling import may_be_mistyped
from tongdao.goods.search.units import Unit, runs, units

Corrections = Mapping[str, Sequence[str]]
"""For a word in letters those one edit away that the index may have, see spelling.py."""


def mistyped(query: str) -> set[str]:
    """The words in letters of which one may be wrong."""
    found = (run[0] for word in typed_words(query) for run in runs(units(word)))
    return {unit.text for unit in found if not unit.han and may_be_mistyped(unit.text)}


def guess_query(query: str, corrections: Corrections) -> list[list[Meaning]]:
    """As asking.read_query, with what each word may have been instead."""
    return [meanings for word in typed_words(query) if (meanings := _word(word, corrections))]


def _word(word: str, corrections: Corrections) -> list[Meaning]:
    meant = [list(_run(run, corrections)) for run in runs(units(word))]
    if len(meant) < 2:
        return meant[0] if meant else []
    # Beside other characters each part is taken as it is or as it sounds: edits of several would multiply.
    ways_to_mean = product(*(part[:2] for part in meant))
    return [tuple(key for keys in way for key in keys) for way in islice(ways_to_mean, MOST_MEANINGS)]


def _run(run: Sequence[Unit], corrections: Corrections) -> Iterator[Meaning]:
    if run[0].han:
        yield syllables(sounds(run), unfinished=False)
        return
    word = run[0].text
    yield (Key(word, begins=True),)
    for other in corrections.get(word, ()):
        yield (Key(other),)
        yield from (syllables(way, unfinished=False) for way in ways(other, whole=True)[:2])
