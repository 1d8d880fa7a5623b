"""Booking days, which are Beijing's. Who posts shares the lock of the day's row, who seals takes it alone.

A day is closed when its row is sealed or when a later day is. Rows are made by whoever comes first, poster or
sealer: both insert the same key, so the later one waits for the earlier one and sees what it did.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

from tongdao.finance.ledger.refusals import DayNotOpen
from tongdao.foundation.clock import today
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant

ONE_DAY = timedelta(days=1)

# `for share` and not `for key share`: the latter lets an update of other columns pass, which sealing is.
_SHARE = """
select day from ledger_day where merchant_id = %s and day = any(%s) and sealed_at is null
order by day for share
"""
_MAKE = """
insert into ledger_day (id, merchant_id, day, postings)
select %s, %s, %s, 0 where not exists (
  select 1 from ledger_day where merchant_id = %s and day >= %s and sealed_at is not null)
on conflict (merchant_id, day) do nothing
"""
_LAST = "select max(day) from ledger_day where merchant_id = %s and sealed_at is not null"


def lock_day() -> date:
    """Share the lock of today or, where that is sealed, of the next open day; the day."""
    enter_rank(Rank.DAY)
    day = today()
    while not _share([day]):
        last = last_sealed()
        day = last + ONE_DAY if last and last >= day else day
    return day


def lock_named_days(days: Iterable[date]) -> None:
    """Share the locks of these days; raises DayNotOpen for one that is sealed or has not begun."""
    enter_rank(Rank.DAY)
    wanted = sorted(set(days))
    closed = set(wanted) - _share(wanted) if wanted else set()
    closed |= {day for day in wanted if day > today()}
    if closed:
        raise DayNotOpen(days=[day.isoformat() for day in sorted(closed)])


def last_sealed() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [current_merchant()])
        found: date | None = cursor.fetchone()[0]
        return found


def make_day(day: date) -> None:
    """Make the row of `day` unless it, or a sealed day after it, is there."""
    merchant = current_merchant()
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [uuid7(), merchant, day, merchant, day])


def _share(days: list[date]) -> set[date]:
    """Lock those of `days` that are open, making the rows that are missing; the days that are locked now."""
    shared = _share_rows(days)
    missing = [day for day in days if day not in shared]
    if missing:
        for day in missing:
            make_day(day)
        shared |= _share_rows(missing)
    return shared


def _share_rows(days: list[date]) -> set[date]:
    return {row[0] for row in execute_prepared(_SHARE, [current_merchant(), days]).fetchall()}
