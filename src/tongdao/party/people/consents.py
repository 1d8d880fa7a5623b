"""What persons were told and have said: rows that are only added, each with the words that were shown.

Here stands what the platform answers for; what a merchant answers for is in party.members.consents, which
shares these shapes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.party.people.models import ConsentText, PersonConsent
from tongdao.party.people.refusals import ConsentChanged, NoticeStands
from tongdao.rulebook.consents import Asked, Level, asked_on

Standing = Literal["never", "given", "withdrawn", "outdated"]
"""`outdated`: said yes to an earlier version of the text, which counts for nothing until it is said again."""


@dataclass(frozen=True, slots=True)
class ConsentState:
    """One purpose as it stands for one person. `text` is what is asked now, `at` when it was last said."""

    purpose: str
    notice: bool
    version: str
    language: str
    text: str
    standing: Standing = "never"
    at: datetime | None = None
    face: str = ""
    said_version: str = ""

    @property
    def given(self) -> bool:
        return self.standing == "given"


@dataclass(frozen=True, slots=True)
class Said:
    """The last row of a purpose."""

    given: bool
    version: str
    face: str
    at: datetime


def asked_now(level: Level) -> dict[str, Asked]:
    """What is asked today, by purpose."""
    return asked_on(clock.today(), level)


def state_of(asked: Asked, said: Said | None, language: str, shop: str = "") -> ConsentState:
    spoken, text = asked.words(language, shop)
    if said is None:
        return ConsentState(asked.purpose, asked.notice, asked.version, spoken, text)
    standing: Standing = "withdrawn"
    if said.given:
        standing = "given" if said.version == asked.version else "outdated"
    return ConsentState(
        asked.purpose, asked.notice, asked.version, spoken, text, standing, said.at, said.face, said.version
    )


def check_asked(level: Level, purpose: str, given: bool, version: str) -> Asked:
    """What was answered, if it is what is asked now. Raises NotFound, ConsentChanged or NoticeStands."""
    asked = asked_now(level).get(purpose)
    if asked is None:
        raise NotFound()
    if given and asked.version != version:
        raise ConsentChanged(version=asked.version)
    if asked.notice and not given:
        raise NoticeStands()
    return asked


def keep_text(asked: Asked, language: str, shop: str = "") -> bytes:
    """The digest of the words that were shown; they are stored when the first one has seen them."""
    spoken, text = asked.words(language, shop)
    digest = hashlib.sha256(text.encode()).digest()
    row = ConsentText(
        digest=digest,
        purpose=asked.purpose,
        version=asked.version,
        language=spoken,
        text=text,
        stored_at=clock.now(),
    )
    ConsentText.objects.bulk_create([row], ignore_conflicts=True)
    return digest


def shown_text(digest: bytes) -> str:
    """The words behind a digest; raises NotFound."""
    row = ConsentText.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound()
    return row.text


def platform_texts(language: str) -> list[str]:
    """What a page shows before somebody signs in."""
    return [asked.words(language)[1] for asked in asked_now("platform").values()]


def acknowledge_platform(person_id: UUID, *, face: str, language: str) -> None:
    """The person goes on after it was shown the platform's notice; once a version."""
    for asked in asked_now("platform").values():
        said = PersonConsent.objects.filter(person__id__same_as=person_id, purpose=asked.purpose)
        if not said.filter(version=asked.version).exists():
            PersonConsent.objects.create(
                person_id=person_id,
                purpose=asked.purpose,
                given=True,
                version=asked.version,
                digest=keep_text(asked, language),
                face=face,
                at=clock.now(),
            )


def platform_consents(person_id: UUID, language: str) -> Sequence[ConsentState]:
    """How all of them stand."""
    rows = PersonConsent.objects.filter(person__id__same_as=person_id).order_by("at", "id")
    last = {row.purpose: Said(row.given, row.version, row.face, row.at) for row in rows}
    return [state_of(asked, last.get(purpose), language) for purpose, asked in asked_now("platform").items()]
