"""What a line promises its buyer, decided when it is quoted and frozen as `policies` when it is placed.

Whether goods may be given back without a reason is the product's exclusion and, for some kinds, the buyer's
own word on that order (rulebook.returns). Nothing that is sent decides it but the `mark` of the very words
that stood beside an empty tick box; any other text is no consent, and the days stand. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tongdao.rulebook.calendar import last_day
from tongdao.rulebook.returns import EXCLUSIONS, Exclusion, exclusion_of

PROMISES: Mapping[str, Any] = {"return_days": 7, "ship_hours": 48, "version": "2026-11"}
"""What every line promises, but for the goods that are excluded: days of no-reason return, hours to ship."""

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Told:
    """What a buyer is told of an exclusion before ordering. `mark` is what he sends back to agree;
    empty where there is nothing to agree to. `sealed`: the days stand while the goods are unopened.
    """

    code: str
    name: str
    why: str
    ask: str
    mark: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """The frozen promise of a line. `exclusion` is None where the goods were not excluded; `consented` tells
    whether the buyer gave up the days on that order, `consented_at` when, in which language.
    """

    return_days: int
    ship_hours: int
    exclusion: Exclusion | None = None
    exclusion_version: str = ""
    consented: bool = False
    consented_at: datetime | None = None
    language: str = ""

    @property
    def sealed(self) -> bool:
        """Whether the days stand for unopened goods only."""
        return self.exclusion is not None and self.exclusion.sealed

    def last_return_day(self, received: date) -> date | None:
        """The last day in Beijing on which it may be given back without a reason; None where it may not."""
        return last_day(received, self.return_days) if self.return_days else None


def told_of(code: str, at: datetime, language: str) -> Told | None:
    """What is to be told of goods with this exclusion, now and in this language; None for those without."""
    version = EXCLUSIONS.on(at)
    kind = version.kinds.get(code)
    if kind is None:
        return None
    spoken = "en" if language.lower().startswith("en") else "zh-hans"
    mark = f"{version.version}:{code}:{spoken}" if kind.needs_consent else ""
    return Told(code, kind.name(spoken), kind.why(spoken), kind.ask(spoken), mark, kind.sealed)


def policies_of(code: str, agreed: str, at: datetime) -> Mapping[str, Any]:
    """What a line freezes, for goods with the exclusion `code`. `agreed`: the mark that the buyer sent."""
    version = EXCLUSIONS.on(at)
    kind = version.kinds.get(code)
    if kind is None:
        return PROMISES
    marks = {f"{version.version}:{code}:{language}": language for language in LANGUAGES}
    language = marks.get(agreed, "") if kind.needs_consent else ""
    excluded = bool(language) if kind.needs_consent else not kind.sealed
    frozen = {
        **PROMISES,
        "exclusion": code,
        "exclusion_version": version.version,
        "consented": bool(language),
    }
    if excluded:
        frozen["return_days"] = 0
    if language:
        frozen |= {"consented_at": at.isoformat(), "consent_language": language}
    return frozen


def promise_of(policies: Mapping[str, Any]) -> Promise:
    """The promise as a line froze it, whatever is promised today."""
    version = str(policies.get("exclusion_version", ""))
    consented_at = policies.get("consented_at")
    return Promise(
        return_days=int(policies.get("return_days", 0)),
        ship_hours=int(policies.get("ship_hours", 0)),
        exclusion=exclusion_of(str(policies.get("exclusion", "")), version),
        exclusion_version=version,
        consented=bool(policies.get("consented", False)),
        consented_at=datetime.fromisoformat(consented_at) if consented_at else None,
        language=str(policies.get("consent_language", "")),
    )
