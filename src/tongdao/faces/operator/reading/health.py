"""How the platform is: what waits, what failed, how large it is, whether its log is archived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tongdao.faces.operator.reading.asking import row, rows
from tongdao.foundation import clock
from tongdao.foundation.events.work import Lag, reader_lag, reader_status
from tongdao.foundation.measuring import queue_depths

DAY = timedelta(days=1)
LARGEST = 8  # tables
_JOBS = """
select status::text, count(*) from procrastinate_jobs where status in ('todo', 'doing', 'failed') group by 1
"""
_WORKERS = "select count(*), max(last_heartbeat) from procrastinate_workers"
_INTENTS = """
select (select count(*) from (select from event_intent where state = 'failed' limit 1000) f),
  (select count(*) from (select from event_intent where state = 'pending' limit 1000) p)
"""
_CALLBACKS = """
select count(*) from (select from callback_record
  where verdict not in ('accepted', 'repeated') and at > %s limit 1000) c
"""
_SIZE = "select pg_database_size(current_database())"
_TABLES = """
select coalesce(parent.relname, c.relname), sum(pg_total_relation_size(c.oid))::bigint,
  sum(greatest(c.reltuples, 0))::bigint
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join pg_inherits i on i.inhrelid = c.oid left join pg_class parent on parent.oid = i.inhparent
where n.nspname = 'public' and c.relkind = 'r' group by 1 order by 2 desc limit %s
"""
_ARCHIVE = """
select current_setting('archive_mode') <> 'off', last_archived_time, failed_count, last_failed_time
from pg_stat_archiver
"""
_LONGEST = """
select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::bigint from pg_stat_activity
where datname = current_database() and state <> 'idle'
"""
_MERCHANTS = "select count(*), count(*) filter (where created_at > %s) from merchant"


@dataclass(frozen=True, slots=True)
class Jobs:
    """`beat`: when a worker last gave a sign of life."""

    waiting: int
    running: int
    failed: int
    workers: int
    beat: datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` is what the database estimates."""

    name: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Archive:
    """PostgreSQL's continuous archiving, which is what can be seen of backups from inside."""

    on: bool
    last_at: datetime | None
    failures: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """Counts of failed and pending intents stop at 1,000. `longest` in seconds, sizes in bytes."""

    lags: list[Lag]
    standing_still: int
    jobs: Jobs
    failed_intents: int
    pending_intents: int
    disbelieved: int
    depths: list[tuple[str, int]]
    merchants: int
    new_merchants: int
    size: int
    tables: list[Table]
    archive: Archive
    longest: int

    @property
    def behind(self) -> int:
        """Seconds by which the slowest reader is behind."""
        return max((lag.seconds for lag in self.lags), default=0)


def health() -> Health:
    since = clock.now() - DAY
    failed, pending = row(_INTENTS)
    merchants, new = row(_MERCHANTS, [since])
    return Health(
        lags=reader_lag(),
        standing_still=len(reader_status()),
        jobs=_jobs(),
        failed_intents=failed,
        pending_intents=pending,
        disbelieved=row(_CALLBACKS, [since])[0],
        depths=queue_depths(),
        merchants=merchants,
        new_merchants=new,
        size=row(_SIZE)[0],
        tables=[Table(*each) for each in rows(_TABLES, [LARGEST])],
        archive=Archive(*row(_ARCHIVE)),
        longest=row(_LONGEST)[0],
    )


def _jobs() -> Jobs:
    counts = dict(rows(_JOBS))
    workers, beat = row(_WORKERS)
    waiting, running, failed = (counts.get(state, 0) for state in ("todo", "doing", "failed"))
    return Jobs(waiting, running, failed, workers, beat)
