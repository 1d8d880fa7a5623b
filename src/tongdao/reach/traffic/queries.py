from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from tongdao.foundation.bulk import to_json
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.network.models import Promoter
from tongdao.reach.traffic.models import VisitDay

MODEL_VERSION = "last_touch:1"
MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A touch in the window, latest first. `eligible`: its promoter may be paid for this buyer.

    `own`: its promoter is the buyer, and could be paid if it were not. `channel`: the entrance of its link.
    """

    touch_id: UUID
    promoter_id: UUID | None
    eligible: bool
    own: bool = False
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """All candidates and the promoter of record: the latest eligible touch wins, nobody refers itself."""

    candidates: tuple[Candidate, ...]
    promoter_id: UUID | None

    @property
    def winner(self) -> UUID | None:
        """The touch that won."""
        won = self._won
        return won.touch_id if won else None

    @property
    def channel(self) -> str:
        """The entrance by which the promoter of record brought the buyer; empty where there is none."""
        won = self._won
        return won.channel if won else ""

    @property
    def _won(self) -> Candidate | None:
        if self.promoter_id is None:
            return None
        return next((c for c in self.candidates if c.promoter_id == self.promoter_id), None)

    def as_own(self) -> Attribution | None:
        """The buyer as its own promoter of record, where its own touch is the latest that could count.

        Nobody earns on that unless a rule of the commission plan says so (terms.plans).
        """
        first = next((c for c in self.candidates if c.eligible or c.own), None)
        return replace(self, promoter_id=first.promoter_id) if first and first.own else None


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose touches are looked for: this browser's or this person's, up to `at`."""

    visitor: UUID | None
    person_id: UUID
    at: datetime


_TOUCHES = """
select visit.n, touched.id, touched.promoter_id, touched.channel,
  promoter.id is not null and promoter.left_at is null,
  promoter.person_id = visit.person_id
  or exists (select from person other where other.id = promoter.person_id
    and other.merged_into_id = visit.person_id)
from jsonb_to_recordset(%s::jsonb) as visit(
  n integer, merchant_id uuid, visitor uuid, person_id uuid, since timestamptz, until timestamptz)
cross join lateral (
  select id, promoter_id, channel, at from (
    select id, promoter_id, channel, at from touch
    where touch.merchant_id = visit.merchant_id and touch.visitor = visit.visitor
      and touch.at > visit.since and touch.at <= visit.until
    union
    select id, promoter_id, channel, at from touch
    where touch.merchant_id = visit.merchant_id and touch.person_id = any(array(
        select visit.person_id union all select id from person where merged_into_id = visit.person_id))
      and touch.at > visit.since and touch.at <= visit.until
  ) both_ways order by at desc, id desc limit %s
) touched
left join promoter on promoter.merchant_id = visit.merchant_id and promoter.id = touched.promoter_id
order by visit.n, touched.at desc, touched.id desc
"""


def attribute_many(visits: Sequence[Visit], *, window: timedelta) -> list[Attribution]:
    """Who referred each buyer, by what happened within `window` before its moment. One statement."""
    return read(ask_attributions(visits, window=window))


def ask_attributions(visits: Sequence[Visit], *, window: timedelta) -> Asking[list[Attribution]]:
    """`attribute_many`, side by side with other questions."""
    asked = [
        {
            "n": n,
            "merchant_id": current_merchant(),
            "visitor": visit.visitor,
            "person_id": visit.person_id,
            "since": visit.at - window,
            "until": visit.at,
        }
        for n, visit in enumerate(visits)
    ]
    found: list[list[Candidate]] = [[] for _ in visits]
    rows = yield from ask(_TOUCHES, [to_json(asked), MOST_CANDIDATES])
    for n, touch_id, promoter_id, channel, stands, own in rows:
        found[n].append(Candidate(touch_id, promoter_id, stands and not own, stands and bool(own), channel))
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
    found = recommending(visitor=visitor, person_id=person_id, at=at, window=window)
    return found.shown_name if found else None


def recommending(
    *, visitor: UUID | None, person_id: UUID | None, at: datetime, window: timedelta
) -> Promoter | None:
    """Who would be the promoter of record now."""
    if visitor is None and person_id is None:
        return None
    found = attribute(visitor=visitor, person_id=person_id or UUID(int=0), at=at, window=window)
    return Promoter.objects.get(pk=found.promoter_id) if found.promoter_id else None


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """One day of a merchant's shops; robots are left out. See `visiting` for what counts as what."""

    day: date
    views: int
    visits: int
    visitors: int


def visit_days(last: date, *, days: int) -> list[VisitFigures]:
    """The `days` days up to and including `last`, oldest first; a day without any has zeros."""
    first = last - timedelta(days=days - 1)
    rows = {row.day: row for row in VisitDay.objects.filter(day__range=(first, last))}
    span = [first + timedelta(days=n) for n in range(days)]
    return [_figures(day, rows.get(day)) for day in span]


def _figures(day: date, row: VisitDay | None) -> VisitFigures:
    return VisitFigures(day, row.views, row.visits, row.visitors) if row else VisitFigures(day, 0, 0, 0)
