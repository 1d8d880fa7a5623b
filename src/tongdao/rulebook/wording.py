"""The wording linter: reward names that mark a scheme, superlatives, and promises of income.

It finds; it does not decide. An ordinal use ("第一次") is passed over by a list, not by guessing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tongdao.rulebook.registry import OWN, Rule, Sheet, define
from tongdao.rulebook.trade import BOOK_START

Kind = Literal["reward_name", "superlative", "income_promise"]


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


REWARD_NAMES = define(
    "wording.reward_names",
    Rule(
        _words(
            "静态收益 动态收益 直推奖 层推奖 对碰奖 见点奖 领导奖 培育奖 报单奖 管理奖"
            " 小区业绩奖 平级奖 推荐奖"
        ),
        date(2005, 11, 1),
        "names by which schemes under Order 444 Art. 7 are known",
        "U",
    ),
)
SUPERLATIVES = define(
    "wording.superlatives",
    Rule(
        _words(
            "国家级 最高级 最佳 第一 唯一 顶级 最好 最优 最低价 最便宜 最先进 极品 世界级 独一无二 史上最"
        ),
        date(2015, 9, 1),
        "Advertising Law Art. 9(3)",
        "U",
    ),
)
INCOME_PROMISES = define(
    "wording.income_promises",
    Rule(
        _words("躺赚 稳赚 包赚 保本 零风险 日入过千 月入过万 年入百万 财务自由 一夜暴富"),
        BOOK_START,
        OWN,
        "A",
    ),
)
LAWFUL_PHRASES = define(
    "wording.lawful_phrases",
    Rule(
        _words(
            "第一次 第一步 第一天 第一时间 第一章 第一条 第一款 第一页 第一批 第一季度"
            " 第一个 唯一编号 唯一标识"
        ),
        BOOK_START,
        OWN,
        "A",
    ),
)
"""Uses of a listed word that claim nothing; a finding inside one of them is dropped."""

_LISTS: tuple[tuple[Kind, Sheet[tuple[str, ...]]], ...] = (
    ("reward_name", REWARD_NAMES),
    ("superlative", SUPERLATIVES),
    ("income_promise", INCOME_PROMISES),
)


@dataclass(frozen=True)
class Finding:
    """A banned word at text[start:end]; `word` in the list's spelling, `rule` the name of its sheet."""

    start: int
    end: int
    word: str
    kind: Kind
    rule: str


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters and digits only, without width variants, and each one's place in the original text."""
    letters: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(text):
        for letter in unicodedata.normalize("NFKC", raw):
            if unicodedata.category(letter)[0] in "LN":
                letters.append(letter)
                places.append(place)
    return "".join(letters), places


def _occurrences(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _lawful_ranges(folded: str, on: date) -> list[tuple[int, int]]:
    return [(at, at + len(phrase)) for phrase in LAWFUL_PHRASES.on(on) for at in _occurrences(phrase, folded)]


def find_banned_words(text: str, on: date | None = None) -> list[Finding]:
    """All findings in reading order; `on` picks the lists of a date, by default the newest.

    Spaces, punctuation and full-width forms inside a word do not hide it.
    """
    day = on or date.max
    folded, places = _folded(text)
    lawful = _lawful_ranges(folded, day)
    found = [
        Finding(places[at], places[at + len(word) - 1] + 1, word, kind, sheet.name)
        for kind, sheet in _LISTS
        for word in sheet.on(day)
        for at in _occurrences(word, folded)
        if not any(start <= at and at + len(word) <= end for start, end in lawful)
    ]
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.word))
