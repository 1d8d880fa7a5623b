"""What is left to read, over all merchants: the platform role sees log and positions, and only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from tongdao.foundation.events.intents import deliveries
from tongdao.foundation.events.registry import readers

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Work:
    """A reader that has unread events of a merchant."""

    reader: str
    merchant_id: UUID


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a reader is behind: unread events (counted to 10,000 a merchant), oldest in seconds."""

    reader: str
    merchants: int
    events: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A reader that stands still for a merchant, the event it fails on and why."""

    reader: str
    merchant_id: UUID
    failures: int
    retry_at: datetime
    last_error: str
    last_event: UUID | None


def _rows(statement: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connections["platform"].cursor() as cursor:
        cursor.execute(statement, arguments)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def list_work() -> list[Work]:
    """Readers with unread events, without those whose next try is put off."""
    rows = _rows("select reader, merchant_id from event_work(%s::text[])", [list(readers())])
    return [Work(*row) for row in rows]


def list_due() -> list[UUID]:
    """Merchants with intents to deliver now."""
    statement = (
        "select distinct merchant_id from event_intent"
        " where state = 'pending' and next_at <= clock_timestamp() and kind = any(%s)"
    )
    return [row[0] for row in _rows(statement, [list(deliveries())])]


def reader_lag() -> list[Lag]:
    """One row for each reader, also for one that is not behind."""
    statement = (
        "select reader, count(*) filter (where events > 0), coalesce(sum(events), 0)::bigint,"
        " coalesce(ceil(max(seconds)), 0)::bigint from unnest(%s::text[]) reader"
        " left join event_lag(%s::text[], %s) using (reader) group by reader order by reader"
    )
    names = list(readers())
    return [Lag(*row) for row in _rows(statement, [names, names, MOST_COUNTED])]


def reader_status() -> list[Failure]:
    """Readers whose last try failed, longest failing first."""
    statement = (
        "select reader, merchant_id, failures, retry_at, last_error, last_event from event_reader_position"
        " where failures > 0 order by failures desc, merchant_id, reader"
    )
    return [Failure(*row) for row in _rows(statement, [])]
