"""Tokens of the index that are one edit away from what was typed, found by equality.

Two words are one edit apart (a letter left out, added, replaced, or two neighbours swapped) only if they come
to the same text when at most one letter is taken out of each (symmetric delete, Garbe 2012). So each token is
kept under all such texts, its cuts, and a typed word is looked up by its own: some dozen keys, where the
words that it could have been are many hundreds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.search.pinyin import is_whole

SHORTEST, LONGEST = 4, 24  # letters: in shorter words one edit makes anything of anything
LONGEST_SOUND = 12  # letters of two syllables
_WORD = re.compile(rf"[a-z0-9]{{{SHORTEST - 1},{LONGEST + 1}}}|=[a-z]{{1,{LONGEST_SOUND}}}")
# A cut has few tokens by its nature: those that one letter more makes, and itself.
NEAR = "select cut, token from search_spelling where merchant_id = %s and cut = any(%s::text[])"


def cuts(token: str) -> set[str]:
    """The texts that a token is kept under; none if nobody mistypes such a token. A sound keeps its sign."""
    return _cuts(token) if _WORD.fullmatch(token) else set()


def may_be_mistyped(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalnum()


def correct(words: Iterable[str]) -> Mapping[str, list[str]]:
    """For each word those one edit away of which the index holds what was edited: the word, or syllables."""
    looked = {word: list(_parts(word)) for word in words}
    known = _lookup({cut for parts in looked.values() for _, part, _ in parts for cut in _cuts(part)})
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word, parts in looked.items():
        for head, part, tail in parts:
            near = {token for cut in _cuts(part) for token in known.get(cut, ())}
            found[word] |= {head + token.removeprefix("=") + tail for token in near if one_edit(part, token)}
    return {word: sorted(others) for word, others in found.items()}


def _parts(word: str) -> Iterator[tuple[str, str, str]]:
    """The word itself; and as a sound what is left when whole syllables are taken from both ends."""
    yield "", word, ""
    starts = [place for place in range(len(word)) if is_whole(word[:place])]
    ends = [place for place in range(1, len(word) + 1) if is_whole(word[place:])]
    for start in starts:
        for end in ends:
            if 0 < end - start <= LONGEST_SOUND + 1:
                yield word[:start], f"={word[start:end]}", word[end:]


def one_edit(one: str, other: str) -> bool:
    """Whether exactly one edit makes one of the other."""
    short, long = sorted((one, other), key=len)
    same = next(
        (at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short)
    )
    left, right = short[same:], long[same:]
    if len(left) < len(right):
        return left == right[1:]
    swapped = left[1::-1] + left[2:]
    return left != right and (left[1:] == right[1:] or (len(left) > 1 and swapped == right))


def _cuts(token: str) -> set[str]:
    sign = token.startswith("=")
    return {token} | {token[:place] + token[place + 1 :] for place in range(sign, len(token))}


def _lookup(asked: set[str]) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    if asked:
        for cut, token in execute_prepared(NEAR, [current_merchant(), sorted(asked)]):
            found[cut].append(token)
    return found
