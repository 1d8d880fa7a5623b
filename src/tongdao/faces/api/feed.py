"""A merchant's own events, in an order in which none is missed."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tongdao.faces.api.access import Call
from tongdao.faces.api.cursors import LENGTH, read_cursor, write_cursor
from tongdao.faces.api.operation import operation
from tongdao.faces.api.refusals import BadCursor
from tongdao.faces.api.shapes import Limit, Text
from tongdao.foundation.events.schemas import json_schemas

router = Router(tags=["events"])

_COLUMNS = (
    "id",
    "seq",
    "name",
    "schema_version",
    "subject_type",
    "subject_id",
    "subject_version",
    "actor_kind",
    "actor",
    "reason",
    "old",
    "new",
    "payload",
    "at",
)
_MARK = "select txid::text from event where merchant_id = %(merchant)s and seq = %(seq)s and id = %(id)s"
# A transaction may commit after one with a greater id: what is younger than the oldest still open waits, so
# that nobody reads past it. Such a row is behind the cursor never.
_NEXT = f"""
select {", ".join(_COLUMNS)} from event
where merchant_id = %(merchant)s and (txid, seq) > (%(txid)s::xid8, %(seq)s)
and txid < pg_snapshot_xmin(pg_current_snapshot())
order by txid, seq limit %(limit)s
"""  # noqa: S608 (our own column names)


class SchemasOut(Schema):
    schemas: dict[str, Any] = Field(description="Event name → JSON Schema (draft 2020-12) of its payload")


@operation(router, "GET", "/event-schemas", need="nobody", answer=SchemasOut)
def list_event_schemas(request: HttpRequest) -> SchemasOut:
    """What stands in the payload of each kind of event."""
    return SchemasOut(schemas=json_schemas())


class EventOut(Schema):
    """`old` and `new` are what changed, `payload` is as its published JSON Schema says."""

    event_id: UUID
    name: str
    schema_version: int
    subject_type: str
    subject_id: UUID
    subject_version: int
    actor_kind: str
    actor_id: UUID | None
    reason: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    payload: dict[str, Any]
    at: datetime


class FeedOut(Schema):
    events: list[EventOut]
    cursor: str | None = Field(description="Send it as `after` to go on; null while there is nothing at all")


@operation(router, "GET", "/merchants/{merchant_id}/events", need="events.read", answer=FeedOut)
def read_events(
    request: Call,
    merchant_id: UUID,
    after: Annotated[Text, Query(min_length=LENGTH, max_length=LENGTH)] | None = None,
    limit: Limit = 100,
) -> FeedOut:
    """What happened, from the beginning or after a cursor. Poll with the last cursor for what is new.

    Events of one subject have rising versions; those of a transaction stand together.
    """
    start: dict[str, Any] = {"merchant": merchant_id, "limit": limit, "txid": "0", "seq": 0}
    with connection.cursor() as cursor:
        if after is not None:
            seq, id = read_cursor(after)
            cursor.execute(_MARK, {"merchant": merchant_id, "seq": seq, "id": id})
            found = cursor.fetchone()
            if found is None:
                raise BadCursor()
            start |= {"txid": found[0], "seq": seq}
        cursor.execute(_NEXT, start)
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    last = write_cursor(rows[-1]["seq"], rows[-1]["id"]) if rows else after
    return FeedOut(events=[_event(row) for row in rows], cursor=last)


def _event(row: dict[str, Any]) -> EventOut:
    old, new, payload = (_json(row[name]) for name in ("old", "new", "payload"))
    return EventOut(
        event_id=row["id"],
        name=row["name"],
        schema_version=row["schema_version"],
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        subject_version=row["subject_version"],
        actor_kind=row["actor_kind"],
        actor_id=row["actor"],
        reason=row["reason"],
        old=old,
        new=new,
        payload=payload,
        at=row["at"],
    )


def _json(value: Any) -> Any:
    """Django's cursors leave jsonb as text."""
    return json.loads(value) if isinstance(value, str) else value
