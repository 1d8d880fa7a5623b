from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A merchant knows a person from now on."""

    person_id: UUID


define("member.joined", MemberJoined)


@dataclass(frozen=True, slots=True)
class MemberMerged:
    """A person's other account counts as the same member from now on; nothing that it did has changed."""

    person_id: UUID
    other_person_id: UUID
    other_member_id: UUID


@dataclass(frozen=True, slots=True)
class MemberParted:
    """It was undone: they are two members again."""

    person_id: UUID
    other_person_id: UUID
    other_member_id: UUID


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A member was told something, or said yes to it, in this version of the text."""

    person_id: UUID
    purpose: Code
    version: Code


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A member says no from now on."""

    person_id: UUID
    purpose: Code
    version: Code


@dataclass(frozen=True, slots=True)
class NoticeChosen:
    """A member wants to hear of something on this way, or does not."""

    person_id: UUID
    purpose: Code
    channel: Code
    wanted: bool


define("member.merged", MemberMerged)
define("member.parted", MemberParted)
define("member.consent_given", ConsentGiven)
define("member.consent_withdrawn", ConsentWithdrawn)
define("member.notice_chosen", NoticeChosen)
