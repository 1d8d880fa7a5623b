"""The platform's median of how shops serve who complains: reckoned by the worker, never by a page.

Each shop counts once a week, however many cases it has: the median is of the shops' own medians. Weeks, cases
and steps are those of insight.service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Max

from tongdao.crm.insight.models import FEWEST, PlatformLevel
from tongdao.crm.insight.service import mondays
from tongdao.foundation.clock import BEIJING, day_begins

WEEKS = 12
AFRESH = timedelta(hours=1)
"""How old the figures may become before they are reckoned again."""

# No step is older than its case: the log's older partitions are left alone.
MEDIANS = f"""
with asked as (
  select merchant_id, id, opened_at, date_trunc('week', opened_at at time zone '{BEIJING.key}')::date as week
  from after_sale where kind not in ('cancel', 'refund') and opened_at >= %(since)s
), steps as (
  select e.merchant_id, e.subject_id as id,
    min(e.at) filter (where e.name = 'after_sale.moved' and e.payload->>'side' = 'seller') as answered_at,
    min(e.at) filter (where e.name = 'after_sale.granted') as granted_at
  from event e join asked a on a.merchant_id = e.merchant_id and a.id = e.subject_id
  where e.subject_type = 'after_sale' and e.at >= %(since)s group by 1, 2
), facts as (
  select a.merchant_id, a.week, extract(epoch from s.answered_at - a.opened_at) as answer,
    extract(epoch from s.granted_at - a.opened_at) as refund,
    exists (select from dispute d where d.merchant_id = a.merchant_id and d.aftersale_id = a.id) as disputed
  from asked a left join steps s using (merchant_id, id)
), shops as (
  select merchant_id, week, 10000.0 * count(*) filter (where disputed) / count(*) as disputed,
    percentile_cont(0.5) within group (order by answer) as answer,
    percentile_cont(0.5) within group (order by refund) as refund
  from facts group by grouping sets ((merchant_id, week), (merchant_id))
)
select week, count(*), (percentile_cont(0.5) within group (order by disputed))::bigint,
  count(answer), (percentile_cont(0.5) within group (order by answer))::bigint,
  count(refund), (percentile_cont(0.5) within group (order by refund))::bigint
from shops group by week
"""  # noqa: S608 a constant
ALONE = "select pg_try_advisory_xact_lock(hashtext('tongdao.platform_level'))"


@dataclass(frozen=True, slots=True)
class Level:
    """Medians over shops, of so many weeks. Seconds, and 1/10,000; None where too few shops are behind it."""

    answer: int | None = None
    refund: int | None = None
    disputed_bps: int | None = None


NOTHING = Level()


@dataclass(frozen=True, slots=True)
class Platform:
    """`reckoned_at`: of what moment it tells; None while nothing was reckoned yet."""

    together: Level
    weeks: Mapping[date, Level]
    reckoned_at: datetime | None

    def of(self, week: date | None) -> Level:
        """Of one week, by its Monday, or of all of them together."""
        return self.together if week is None else self.weeks.get(week, NOTHING)


def platform(now: datetime, *, weeks: int) -> Platform:
    """The same weeks as `service.served` tells of. Those before the last WEEKS are not known."""
    days = mondays(now, weeks)
    rows = list(PlatformLevel.objects.filter(since__gte=days[0]))
    known = {(row.since, row.weeks): Level(row.answer, row.refund, row.disputed_bps) for row in rows}
    at = max((row.reckoned_at for row in rows), default=None)
    return Platform(
        known.get((days[0], weeks), NOTHING), {day: known.get((day, 1), NOTHING) for day in days}, at
    )


def sweep_platform_levels(now: datetime, limit: int = 1) -> int:
    """Reckon anew what has become old; returns how many weeks that was. One worker does it at a time."""
    if not _old(now):
        return 0
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0] or not _old(now):
            return 0
        rows = _reckon(now)
        PlatformLevel.objects.all().delete()
        PlatformLevel.objects.bulk_create(rows)
    return len(rows)


def _old(now: datetime) -> bool:
    at = PlatformLevel.objects.aggregate(at=Max("reckoned_at"))["at"]
    return at is None or not now - AFRESH < at <= now


def _reckon(now: datetime) -> list[PlatformLevel]:
    """Seen by the platform role, which reads all merchants; nothing of a single one leaves the database."""
    days = mondays(now, WEEKS)
    with connections["platform"].cursor() as cursor:
        cursor.execute(MEDIANS, {"since": day_begins(days[0])})
        found = {week: figures for week, *figures in cursor.fetchall()}
    rows = [_row(day, 1, found.get(day), now) for day in days]
    return [*rows, _row(days[0], WEEKS, found.get(None), now)]


def _row(since: date, weeks: int, figures: list[Any] | None, now: datetime) -> PlatformLevel:
    asked, disputed, answered, answer, refunded, refund = figures or (0, None, 0, None, 0, None)
    return PlatformLevel(
        since=since,
        weeks=weeks,
        asked_shops=asked,
        disputed_bps=disputed if asked >= FEWEST else None,
        answered_shops=answered,
        answer=answer if answered >= FEWEST else None,
        refunded_shops=refunded,
        refund=refund if refunded >= FEWEST else None,
        reckoned_at=now,
    )
