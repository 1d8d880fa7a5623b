"""Rate limits that hold over all processes: one row in PostgreSQL for each limit and subject.

A token bucket, kept as the one moment at which it will be full again (the generic cell rate algorithm, ITU-T
I.371): one statement takes a token or does not, so two processes cannot both take the last one. The table
belongs to no merchant and names nobody: its keys are blind indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.pii import blind_index
from tongdao.foundation.refusals import Refusal

SWEPT_AT_ONCE = 1_000  # rows


class TooManyTries(Refusal):
    """That was too often in a short time. Nothing was done. Try again in %(minutes)d min."""

    status = 429


class CountedInTransaction(Exception):
    """A token was taken inside a transaction: what rolls back there would give it back unseen."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then one more after each `every`."""

    name: str
    burst: int
    every: timedelta


_TAKE = """
insert into throttle as held (key, full_at) values (%(key)s, %(now)s + %(every)s)
on conflict (key) do update set full_at = greatest(held.full_at, %(now)s) + %(every)s
where greatest(held.full_at, %(now)s) + %(every)s <= %(now)s + %(whole)s
returning full_at
"""
_GIVE_BACK = "update throttle set full_at = full_at - %(every)s where key = %(key)s"
_SWEEP = """
delete from throttle where key in (
  select key from throttle where full_at < %s order by full_at limit %s for update skip locked
)
"""


def take(limit: Limit, subject: str) -> None:
    """Count one try of `subject` (an address, a number, an id; it is not stored). Raises TooManyTries.

    What is refused counts no further. Outside any transaction: the try counts whatever becomes of it.
    """
    if connection.in_atomic_block:
        raise CountedInTransaction(limit.name)
    values = _values(limit, subject)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.fetchone() is not None:
            return
        cursor.execute("select full_at from throttle where key = %(key)s", values)
        row = cursor.fetchone()
    raise _refusal(limit, row[0] if row else values["now"], values["now"])


def give_back(limit: Limit, subject: str) -> None:
    """The try was a good one: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, _values(limit, subject))


def sweep_throttles(now: datetime) -> int:
    """Forget full buckets; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [now, SWEPT_AT_ONCE])
        return int(cursor.rowcount)


def _values(limit: Limit, subject: str) -> dict[str, Any]:
    key = blind_index("throttle", f"{limit.name}\0{subject}")
    return {
        "key": key,
        "now": clock.now(),
        "every": limit.every,
        "whole": limit.every * limit.burst,
    }


def _refusal(limit: Limit, full_at: datetime, now: datetime) -> TooManyTries:
    """With the whole seconds until there is a token again."""
    wait = max(full_at + limit.every - (now + limit.every * limit.burst), timedelta(seconds=1))
    seconds = ceil(wait / timedelta(seconds=1))
    return TooManyTries(limit=limit.name, retry_after=seconds, minutes=ceil(seconds / 60))
