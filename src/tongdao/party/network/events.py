from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class PromoterJoined:
    """A person may refer buyers and earn on the sales; it cost nothing."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PromoterLeft:
    """A promoter left; what was earned stays its own."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PromoterAgreed:
    """A promoter has agreed to a version of the agreement and declared its age."""

    person_id: UUID
    agreement_version: Code
    age_from: int


define("promoter.joined", PromoterJoined)
define("promoter.left", PromoterLeft)
define("promoter.agreed", PromoterAgreed)
