"""What a promoter reads of others' words: no numbers, WeChat names or links, nothing known of the buyer.

Nothing can tell all private data from other words; this hides what can be told, and hides too much rather
than too little. The property that tests hold it to: with everything but letters and digits left out, no seven
digits of any script stand side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

HIDDEN = "***"
MOST_DIGITS = 6  # so many in a row say nothing of anybody: a price, a size, the end of an order's number
WINDOW = 5  # so many characters of an address in a row are that address

_MAIL = re.compile(r"[^\s@＠]{1,64}[@＠][^\s@＠]{1,255}")
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|www[.。．])\S+", re.I)
_DOMAIN = re.compile(
    r"[a-z0-9-]+(?:\s?[.。．｡]\s?[a-z0-9-]+)*[.。．｡][a-z]{2,24}(?![a-z0-9])(?:[/:?]\S*)?", re.I
)
_HANDLE = re.compile(
    r"(?:微信|薇信|威信|微❤|v\s?信|we\s?chat|wei\s?xin|wx|vx|v\s?x|扣扣|企鹅|qq|加我|加\s?v|抖音|小红书|telegram|tg)"
    r"[^a-z0-9\n]{0,8}([a-z0-9][-_.a-z0-9]{3,})",
    re.I,
)
_WXID = re.compile(r"wxid_\w+", re.I)
_SPOKEN = frozenset("幺两")


def hide_private(text: str, known: Iterable[str] = ()) -> str:
    """`text` as the promoter reads it. `known`: the buyer's name, phone and street, which are hidden wherever
    they stand; of a long one each part of some characters.
    """
    text = unicodedata.normalize("NFC", text)
    spans = [found.span() for pattern in (_MAIL, _LINK, _DOMAIN, _WXID) for found in pattern.finditer(text)]
    spans += [found.span(1) for found in _HANDLE.finditer(text)]
    for word in known:
        spans += _places(text, word.strip())
    text = _without(text, spans)
    return _without(text, _numbers(text))


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Where the word stands, or any WINDOW characters of it."""
    size = min(len(word), WINDOW)
    if size < 2:
        return
    parts = {word[place : place + size] for place in range(len(word) - size + 1)}
    for place in range(len(text) - size + 1):
        if text[place : place + size] in parts:
            yield place, place + size


def _is_digit(letter: str) -> bool:
    """Of any script, Chinese numerals and circled ones too."""
    return unicodedata.numeric(letter, None) is not None or letter in _SPOKEN


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where more than MOST_DIGITS digits stand with no letter between them."""
    first, last, count = 0, 0, 0
    for place, letter in enumerate(text):
        if _is_digit(letter):
            first, last, count = (first if count else place), place + 1, count + 1
        elif letter.isalpha():
            if count > MOST_DIGITS:
                yield first, last
            count = 0
    if count > MOST_DIGITS:
        yield first, last


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start > at or not parts or parts[-1] != HIDDEN:
            parts += [text[at:start], HIDDEN] if start > at else [HIDDEN]
        at = end
    return "".join([*parts, text[at:]])
