"""The text that a promoter agrees to: the merchant's own where it has published one, else the house's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from uuid import UUID

from tongdao.foundation.clock import today
from tongdao.party.merchants.models import AgreementKind
from tongdao.party.merchants.queries import current_agreement
from tongdao.rulebook.network import PROMOTER_AGREEMENT, PROMOTER_MIN_AGE

TEXTS = Path(__file__).parent / "standard"
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version; the house's is in one of LANGUAGES. `least_age` is what must be declared with it.

    `published_id` is the merchant's own text, whose body is HTML that was cleaned when it was published.
    """

    version: str
    language: str
    title: str
    body: str
    least_age: int
    published_id: UUID | None = None

    @property
    def text(self) -> str:
        title = self.title if self.published_id is None else escape(self.title)
        return f"{title}\n\n{self.body}"

    @property
    def digest(self) -> bytes:
        """SHA-256 of the text, by which a stored text is found."""
        return hashlib.sha256(self.text.encode()).digest()


def agreement_now(language: str) -> Agreement:
    """What is in force, in the merchant's scope. `language` chooses among the house's texts; else Chinese."""
    day = today()
    least_age = PROMOTER_MIN_AGE.on(day)
    own = current_agreement(AgreementKind.PROMOTER)
    if own is not None:
        return Agreement(f"shop-{own.version}", "", own.title, own.body_html, least_age, own.id)
    ours = next((each for each in LANGUAGES if language.lower().startswith(each[:2])), LANGUAGES[0])
    return _read(PROMOTER_AGREEMENT.on(day), ours, least_age)


def agreement_after(language: str) -> tuple[date, Agreement] | None:
    """The house's text that is published and begins later, with its day; in the merchant's scope.

    None where there is none, or where the merchant has a text of its own.
    """
    now = agreement_now(language)
    coming = [rule for rule in PROMOTER_AGREEMENT.versions if rule.effective_from > today()]
    if now.published_id is not None or not coming:
        return None
    first = coming[0]
    return first.effective_from, _read(first.value, now.language, now.least_age)


def version_now() -> str:
    """The version in force, in the merchant's scope; who has agreed to another one is asked again."""
    return agreement_now(LANGUAGES[0]).version


@cache
def _read(version: str, language: str, least_age: int) -> Agreement:
    text = (TEXTS / f"{version}.{language}.txt").read_text(encoding="utf-8").strip()
    title, _, body = text.partition("\n\n")
    return Agreement(version, language, title, body, least_age)
