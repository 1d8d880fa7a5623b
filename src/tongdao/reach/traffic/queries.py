from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from tongdao.foundation.tenancy import current_merchant
from tongdao.party.network.models import Promoter

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


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose touches are looked for: this browser's or this person's, up to `at`."""

    visitor: UUID | None
    person_id: UUID
    at: datetime


_TOUCHES = """
select visit.n, touched.id, touched.promoter_id,
  promoter.id is not null and promoter.left_at is null and promoter.person_id <> visit.person_id
from jsonb_to_recordset(%(visits)s::jsonb)
  as visit(n integer, visitor uuid, person_id uuid, since timestamptz, until timestamptz)
cross join lateral (
  select touch.id, touch.promoter_id, touch.at from touch
  where touch.merchant_id = %(merchant)s
    and (touch.visitor = visit.visitor or touch.person_id = visit.person_id)
    and touch.at > visit.since and touch.at <= visit.until
  order by touch.at desc limit %(most)s
) touched
left join promoter on promoter.merchant_id = %(merchant)s and promoter.id = touched.promoter_id
order by visit.n, touched.at desc
"""


def attribute_many(visits: Sequence[Visit], *, window: timedelta) -> list[Attribution]:
    """Who referred each buyer, by what happened within `window` before its moment. One statement."""
    asked = [
        {"n": n, "visitor": v.visitor, "person_id": v.person_id, "since": v.at - window, "until": v.at}
        for n, v in enumerate(visits)
    ]
    found: list[list[Candidate]] = [[] for _ in visits]
    with connection.cursor() as cursor:
        cursor.execute(
            _TOUCHES,
            {
                "visits": json.dumps(asked, default=str),
                "merchant": current_merchant(),
                "most": MOST_CANDIDATES,
            },
        )
        for n, touch_id, promoter_id, eligible in cursor.fetchall():
            found[n].append(Candidate(touch_id, promoter_id, eligible))
    return [
        Attribution(tuple(candidates), next((c.promoter_id for c in candidates if c.eligible), None))
        for candidates in found
    ]


def attribute(*, visitor: UUID | None, person_id: UUID, at: datetime, window: timedelta) -> Attribution:
    """Who referred this buyer."""
    return attribute_many([Visit(visitor, person_id, at)], window=window)[0]


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
