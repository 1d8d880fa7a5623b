"""Who does a thing: every write names its actor, and the event keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ActorKind = Literal["person", "staff", "system", "carrier", "channel", "operator"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` says in which capacity; `id` is the person's id where there is one.

    `on_behalf_of` is set when one acts for another, such as a service clerk for a buyer.
    """

    kind: ActorKind
    id: UUID | None = None
    on_behalf_of: UUID | None = None


SYSTEM = Actor("system")
CHANNEL = Actor("channel")
CARRIER = Actor("carrier")
