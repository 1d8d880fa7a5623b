"""The text that a promoter agrees to: a version for each day, in the languages that people read it in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from tongdao.rulebook.network import PROMOTER_AGREEMENT, PROMOTER_MIN_AGE

TEXTS = Path(__file__).parent / "standard"
LANGUAGES = ("zh-hans", "en")
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version in one language. `least_age` is what must be declared with it."""

    version: str
    language: str
    title: str
    body: str
    least_age: int

    @property
    def text(self) -> str:
        return f"{self.title}\n\n{self.body}"

    @property
    def digest(self) -> bytes:
        """SHA-256 of the text, by which a stored text is found."""
        return hashlib.sha256(self.text.encode()).digest()


def agreement_at(moment: datetime, language: str) -> Agreement:
    """The version in force, in the first of our languages that `language` begins like; else in Chinese."""
    day = moment.astimezone(BEIJING).date()
    ours = next((each for each in LANGUAGES if language.lower().startswith(each[:2])), LANGUAGES[0])
    return _read(PROMOTER_AGREEMENT.on(day), ours, PROMOTER_MIN_AGE.on(day))


def version_at(moment: datetime) -> str:
    """The version in force; who has agreed to another one is asked again."""
    return PROMOTER_AGREEMENT.on(moment.astimezone(BEIJING).date())


@cache
def _read(version: str, language: str, least_age: int) -> Agreement:
    text = (TEXTS / f"{version}.{language}.txt").read_text(encoding="utf-8").strip()
    title, _, body = text.partition("\n\n")
    return Agreement(version, language, title, body, least_age)
