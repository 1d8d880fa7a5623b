"""Each reader of the event log: how far it is behind, over all merchants and for each that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.operator.reading.asking import rows
from tongdao.foundation.events.registry import readers
from tongdao.foundation.events.work import MOST_COUNTED, Failure, Lag, reader_lag, reader_status

MOST = 100  # merchants shown of one reader
_PLACES = """
select l.merchant_id, m.name, l.events, ceil(l.seconds)::bigint, p.updated_at, coalesce(p.failures, 0),
  coalesce(p.last_error, ''), p.last_event, p.retry_at
from event_lag(array[%s], %s) l left join merchant m on m.id = l.merchant_id
left join event_reader_position p on p.merchant_id = l.merchant_id and p.reader = l.reader
order by coalesce(p.failures, 0) desc, l.events desc, m.name limit %s
"""


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A reader at all merchants. `kind`: projection or reactor; `failing`: merchants it stands still at."""

    name: str
    kind: str
    lag: Lag
    failing: int


@dataclass(frozen=True, slots=True)
class At:
    """A reader at one merchant: unread events (counted to 10,000), age of the oldest in seconds."""

    merchant_id: UUID
    merchant: str
    events: int
    seconds: int
    moved_at: datetime | None
    failures: int
    error: str
    event_id: UUID | None
    retry_at: datetime | None


def all_readers() -> list[ReaderRow]:
    """Those that stand still first, then those that are furthest behind."""
    failures: list[Failure] = reader_status()
    found = [
        ReaderRow(lag.reader, readers()[lag.reader].kind, lag, sum(f.reader == lag.reader for f in failures))
        for lag in reader_lag()
    ]
    return sorted(found, key=lambda one: (-one.failing, -one.lag.seconds, one.name))


def places_of(reader: str) -> list[At]:
    """At each merchant, those with trouble first."""
    return [At(*each) for each in rows(_PLACES, [reader, MOST_COUNTED, MOST])]
