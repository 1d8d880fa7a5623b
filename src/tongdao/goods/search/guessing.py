"""What somebody may have meant who mistyped: one edit in letters, another character of the same sound."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from itertools import islice, product

from tongdao.goods.search.asking import MOST_MEANINGS, Key, Meaning, syllables, typed_words
from tongdao.goods.search.pinyin import sounds, ways
from tongdao.goods.search.units import Unit, runs, units

SHORTEST, LONGEST = 4, 16  # letters: in shorter words one edit makes anything of anything


def guess_query(query: str) -> list[list[Meaning]]:
    """As asking.read_query, with what each word may have been instead. It costs some hundred keys a word."""
    return [meanings for meanings in map(_word, typed_words(query)) if meanings]


def _word(word: str) -> list[Meaning]:
    meant = [list(_run(run)) for run in runs(units(word))]
    if len(meant) < 2:
        return meant[0] if meant else []
    # Beside other characters each part is taken as it is or as it sounds: edits of several would multiply.
    ways_to_mean = product(*(part[:2] for part in meant))
    return [tuple(key for keys in way for key in keys) for way in islice(ways_to_mean, MOST_MEANINGS)]


def _run(run: Sequence[Unit]) -> Iterator[Meaning]:
    if run[0].han:
        yield syllables(sounds(run), unfinished=False)
        return
    word = run[0].text
    yield (Key(word, begins=True),)
    if SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalnum():
        for other in sorted(edits(word)):
            yield (Key(other),)
            yield from (syllables(way, unfinished=False) for way in ways(other, whole=True)[:2])


def edits(word: str) -> set[str]:
    """All words one edit away: a letter left out, added, replaced, or two neighbours swapped."""
    alphabet = string.ascii_lowercase + (string.digits if any(map(str.isdigit, word)) else "")
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in alphabet}
    found |= {head + letter + tail for head, tail in cuts for letter in alphabet}
    return found - {word}
