from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class PromoterJoined:
    """A person may refer buyers and earn on the sales; it cost nothing."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PromoterLeft:
    """A promoter left; what was earned stays its own."""

    person_id: UUID


define("promoter.joined", PromoterJoined)
define("promoter.left", PromoterLeft)
