from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class PersonErased:
    """What this merchant held of a person is gone, but for what the law keeps."""

    person_id: UUID
    erasure_id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class PersonDataTaken:
    """A person took out a copy of what this merchant holds of them."""

    person_id: UUID
    take_out_id: UUID


define("person.erased", PersonErased)
define("person.data_taken", PersonDataTaken)
