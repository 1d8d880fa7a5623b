"""Who a person is as a promoter, with every merchant. Read in its own scope: nobody else is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongdao.foundation.tenancy import person_scope
from tongdao.party.network.models import Promoter, PromoterConsent


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as a promoter of one merchant, since whenever: who has left and come back has several ids.

    `promoter_id` is None for who has left. `agreed` are the versions that this membership has agreed to.
    """

    merchant_id: UUID
    ids: tuple[UUID, ...]
    promoter_id: UUID | None
    shown_name: str
    joined_at: datetime
    left_at: datetime | None
    agreed: dict[str, datetime] = field(default_factory=dict)


def standings_of(person_id: UUID) -> list[Standing]:
    """One a merchant, the latest joined first. Opens its own scope."""
    with person_scope(person_id):
        rows = list(Promoter.objects.order_by("-joined_at", "-id"))
        said = list(PromoterConsent.objects.values_list("promoter_id", "version", "at"))
    merchants = dict.fromkeys(row.merchant_id for row in rows)
    return [_standing([row for row in rows if row.merchant_id == id], said) for id in merchants]


def standing_of(person_id: UUID, merchant_id: UUID) -> Standing | None:
    """With this merchant, or None. Opens its own scope."""
    return next((one for one in standings_of(person_id) if one.merchant_id == merchant_id), None)


def _standing(rows: list[Promoter], said: list[tuple[UUID, str, datetime]]) -> Standing:
    """Of one merchant's rows, latest first: one that has not ended is the one that counts."""
    latest = next((row for row in rows if row.left_at is None), rows[0])
    return Standing(
        merchant_id=latest.merchant_id,
        ids=tuple(row.id for row in rows),
        promoter_id=latest.id if latest.left_at is None else None,
        shown_name=latest.shown_name,
        joined_at=latest.joined_at,
        left_at=latest.left_at,
        agreed={version: at for id, version, at in said if id == latest.id},
    )
