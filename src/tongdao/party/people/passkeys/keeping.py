"""One's own passkeys, and removing them. Faces ask for a fresh sign-in first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.refusals import NotFound
from tongdao.party.people.models import Passkey

NAME_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Key:
    """`synced`: shared among the person's own devices. `copied`: no longer good."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    synced: bool
    copied: bool


def keys_of(person_id: UUID) -> list[Key]:
    """Newest first."""
    rows = Passkey.objects.filter(person_id=person_id).order_by("-created_at")
    return [
        Key(row.id, row.name, row.created_at, row.used_at, row.synced, row.copied_at is not None)
        for row in rows
    ]


def drop_passkey(person_id: UUID, passkey_id: UUID) -> None:
    """It lets nobody in any more. Raises NotFound."""
    if not Passkey.objects.filter(pk=passkey_id, person_id=person_id).delete()[0]:
        raise NotFound()
