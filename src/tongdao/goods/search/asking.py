"""What somebody typed, as the sets of tokens that it may mean. Nothing typed is ever an operator.

A query is words between blanks; each word may mean several things (cha: the word cha, the sound of 茶).
A meaning is a set of keys of which a product must have all; a key is one token, or all tokens that begin so.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise, product
from typing import NamedTuple

from tongdao.goods.search.models import LONGEST
from tongdao.goods.search.pinyin import are_initials, ways
from tongdao.goods.search.tokens import code_token
from tongdao.goods.search.units import Unit, fold, runs, units

MOST_TYPED = 64  # characters that are looked at
MOST_WORDS = 8
MOST_MEANINGS = 8  # of one word


class Key(NamedTuple):
    """A token, or with `begins` whatever begins with it. A sound that is whole is never a beginning."""

    text: str
    begins: bool = False


Meaning = tuple[Key, ...]


def read_query(query: str) -> list[list[Meaning]]:
    """For each word its meanings; empty when there is nothing to look for."""
    return [meanings for meanings in map(_word, typed_words(query)) if meanings]


def typed_words(query: str) -> list[str]:
    """What stands between blanks, without what no text in a database holds: NUL and halves of characters."""
    held = query[:MOST_TYPED].replace("\x00", " ").encode("utf-8", "ignore").decode()
    return fold(held).split()[:MOST_WORDS]


def _word(word: str) -> list[Meaning]:
    found = units(word)
    if not found:
        return []
    meant = [_run(run) for run in runs(found)]
    meanings = [tuple(key for keys in way for key in keys) for way in islice(product(*meant), MOST_MEANINGS)]
    if len(word) > 1 and not all(unit.han for unit in found):
        meanings.append((Key(code_token(word), begins=True),))
    return meanings


def _run(run: Sequence[Unit]) -> list[Meaning]:
    if run[0].han:
        return [characters([unit.text for unit in run])]
    return letters(run[0].text)


def characters(run: Sequence[str]) -> Meaning:
    """Each two neighbours; a lone character is itself."""
    return tuple(Key(one + other) for one, other in pairwise(run)) or (Key(run[0]),)


def letters(word: str) -> list[Meaning]:
    """A word or its beginning, syllables of which the last may be unfinished, initials."""
    meanings: list[Meaning] = [(Key(word[:LONGEST], begins=True),)]
    if word.isascii() and word.isalpha():
        meanings += [syllables(way, unfinished=True) for way in ways(word, whole=False)]
        if are_initials(word):
            meanings.append(tuple(Key(f"~{one}{other}") for one, other in pairwise(word)))
    return meanings


def syllables(way: Sequence[str], *, unfinished: bool) -> Meaning:
    """Each two neighbours, as they sound."""
    heard = [f"={one}{other}" for one, other in pairwise(way)] or [f"={way[0]}"]
    return (*map(Key, heard[:-1]), Key(heard[-1], begins=unfinished))
