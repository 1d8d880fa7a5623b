from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A merchant knows a person from now on."""

    person_id: UUID


define("member.joined", MemberJoined)
