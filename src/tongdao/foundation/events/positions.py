"""How far a reader has read for one merchant: a snapshot, not a number (docs/algorithms/events.md).

Whatever was visible in `snapshot` is handled. `target` is set while the rows between the two snapshots
are read in several chunks, of which everything up to `after_seq` is handled.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tongdao.foundation.events.models import Event

ZERO = "1:1:"  # the snapshot in which nothing was visible
LONGEST_ERROR = 500

_FIELDS = [field.attname for field in Event._meta.concrete_fields]
_UNREAD = (
    f"select {', '.join(_FIELDS)} from event_unread"  # noqa: S608 column names of the model
    "(%s, %s::pg_snapshot, %s::pg_snapshot, %s, %s::text[], %s)"
)
_SAVE = """
insert into event_reader_position (merchant_id, reader, snapshot, target, after_seq)
values (%s, %s, %s, %s, %s)
on conflict (merchant_id, reader) do update set snapshot = excluded.snapshot, target = excluded.target,
  after_seq = excluded.after_seq, failures = 0, retry_at = null, last_error = '', last_event = null,
  updated_at = clock_timestamp()
"""
_FAIL = """
insert into event_reader_position as p
  (merchant_id, reader, snapshot, failures, retry_at, last_error, last_event)
values (%s, %s, %s, 1, clock_timestamp() + interval '2 s', %s, %s)
on conflict (merchant_id, reader) do update set failures = p.failures + 1,
  retry_at = clock_timestamp() + least(300, 2 ^ least(p.failures + 1, 9)) * interval '1 s',
  last_error = excluded.last_error, last_event = excluded.last_event, updated_at = clock_timestamp()
"""


class SnapshotTooLate(RuntimeError):
    """The transaction has written before its reader took the target: its own events would be skipped."""


@dataclass(frozen=True, slots=True)
class Position:
    """`snapshot` and `target` are pg_snapshot texts. `failures`: tries that failed since the last success.

    `resumed`: the target is an earlier run's, so that later events may lie beyond it.
    """

    snapshot: str = ZERO
    target: str = ZERO
    after_seq: int = 0
    failures: int = 0
    resumed: bool = False


def lock_reader(reader: str, merchant_id: UUID, *, wait: bool) -> bool:
    """Keep others from running this reader for this merchant until the transaction ends."""
    call = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"select {call}(hashtextextended(%s, 0))", [f"reader:{reader}:{merchant_id}"])
        return wait or bool(cursor.fetchone()[0])


def take_position(reader: str, merchant_id: UUID, *, wait: bool) -> Position | None:
    """Lock, position, snapshot: three statements in this order, before the transaction writes anything.

    The position must be read after the lock was got, and the snapshot taken after the position was read; an
    own transaction id below the snapshot's xmax would hide events that this transaction records later.
    None: another connection is running this reader.
    """
    if not lock_reader(reader, merchant_id, wait=wait):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select snapshot::text, target::text, after_seq, failures from event_reader_position"
            " where merchant_id = %s and reader = %s",
            [merchant_id, reader],
        )
        snapshot, target, after_seq, failures = cursor.fetchone() or (ZERO, None, 0, 0)
        cursor.execute("select pg_current_snapshot()::text, pg_current_xact_id_if_assigned() is not null")
        current, has_written = cursor.fetchone()
    if has_written:
        raise SnapshotTooLate(reader)
    return Position(snapshot, target or current, after_seq, failures, resumed=target is not None)


def unread(position: Position, merchant_id: UUID, names: list[str] | None, most: int) -> list[Event]:
    """At most `most` events after the position, in the order of `seq`."""
    arguments = [merchant_id, position.snapshot, position.target, position.after_seq, names, most]
    return list(Event.objects.raw(_UNREAD, arguments))


def advance(reader: str, merchant_id: UUID, position: Position, last_seq: int | None) -> None:
    """Everything up to `last_seq` is handled; None: everything up to the target is."""
    if last_seq is None:
        values = [position.target, None, 0]
    else:
        values = [position.snapshot, position.target, last_seq]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [merchant_id, reader, *values])


def note_failure(reader: str, merchant_id: UUID, error: str, event_id: UUID | None) -> None:
    """Keep the failure for operators and put the next try off: 2, 4, 8 … 300 seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_FAIL, [merchant_id, reader, ZERO, error[:LONGEST_ERROR], event_id])
