from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from tongdao.party.network.models import Promoter
from tongdao.reach.traffic.models import Touch

MODEL_VERSION = "last_touch:1"
MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A touch in the window, latest first. `eligible`: its promoter may be paid for this buyer."""

    touch_id: UUID
    promoter_id: UUID | None
    eligible: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """All candidates and the promoter of record: the latest eligible touch wins, nobody refers itself."""

    candidates: tuple[Candidate, ...]
    promoter_id: UUID | None

    @property
    def winner(self) -> UUID | None:
        """The touch that won."""
        return next((c.touch_id for c in self.candidates if c.eligible), None)


def attribute(*, visitor: UUID | None, person_id: UUID, at: datetime, window: timedelta) -> Attribution:
    """Who referred this buyer, by what happened within `window` before `at`."""
    mine = Q(person_id=person_id)
    if visitor is not None:
        mine |= Q(visitor=visitor)
    touches = list(
        Touch.objects.filter(mine, at__gt=at - window, at__lte=at).order_by("-at")[:MOST_CANDIDATES]
    )
    named = {touch.promoter_id for touch in touches if touch.promoter_id}
    active = set(
        Promoter.objects.filter(pk__in=named, left_at__isnull=True)
        .exclude(person_id=person_id)
        .values_list("id", flat=True)
    )
    candidates = tuple(
        Candidate(touch.id, touch.promoter_id, touch.promoter_id in active) for touch in touches
    )
    first = next((c.promoter_id for c in candidates if c.eligible), None)
    return Attribution(candidates, first)


def recommender(
    *, visitor: UUID | None, person_id: UUID | None, at: datetime, window: timedelta
) -> str | None:
    """The shown name of who would be the promoter of record now, for "recommended by"."""
    if visitor is None and person_id is None:
        return None
    found = attribute(visitor=visitor, person_id=person_id or UUID(int=0), at=at, window=window)
    if found.promoter_id is None:
        return None
    return Promoter.objects.get(pk=found.promoter_id).shown_name
