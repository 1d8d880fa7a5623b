"""Writing the log: in the transaction that it tells of, under the lock of its subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import to_json
from tongdao.foundation.events.codes import code
from tongdao.foundation.events.context import request_id
from tongdao.foundation.events.definitions import definition_of
from tongdao.foundation.events.payloads import Json, encode_values
from tongdao.foundation.ids import uuid7_text
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant

Row = Mapping[str, Json]

_TYPES = {
    "id": "uuid",
    "merchant_id": "uuid",
    "name": "text",
    "schema_version": "smallint",
    "subject_type": "text",
    "subject_id": "uuid",
    "subject_version": "integer",
    "actor_kind": "text",
    "actor": "uuid",
    "on_behalf_of": "uuid",
    "request_id": "uuid",
    "cause_id": "uuid",
    "reason": "text",
    "old": "jsonb",
    "new": "jsonb",
    "payload": "jsonb",
    "at": "timestamptz",
}
_COLUMNS = ", ".join(_TYPES)
INSERT_EVENTS = (
    f"insert into event ({_COLUMNS}) select {_COLUMNS} from jsonb_to_recordset(%s::jsonb)"  # noqa: S608 constants
    f" as row({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())})"
)
"""One statement for any number of rows, whose one parameter is `rows_json(rows)`; fit for a WITH clause.

It returns nothing: a partner's scope may record, but not read.
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about. `version` is the row's version after the change."""

    type: str
    id: UUID
    version: int = 0


def subject_of(subject: Subject | models.Model) -> Subject:
    """The subject that a model instance is: its class name in snake case, its id, its `version`."""
    if isinstance(subject, Subject):
        return subject
    noun = re.sub(r"(?<!^)(?=[A-Z])", "_", type(subject).__name__).lower()
    return Subject(noun, subject.pk, getattr(subject, "version", 0))


def as_row(
    payload: object,
    *,
    subject: Subject | models.Model,
    actor: Actor,
    reason: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    cause_id: UUID | None = None,
    request: UUID | None = None,
) -> Row:
    """The event as a row for `record_many`, or for a caller's own statement around INSERT_EVENTS.

    `request` is named by whoever writes for a request of another thread. `reason` is a code. `old` and `new`
    are what changed, by column: ids, numbers, dates and codes only.
    Raises OutsideScope, BadVocabulary, BadPayload, NotACode or PersonalData.
    """
    definition = definition_of(type(payload))
    about = subject_of(subject)
    return {
        "id": uuid7_text(),
        "merchant_id": str(current_merchant()),
        "name": definition.name,
        "schema_version": definition.schema_version,
        "subject_type": about.type,
        "subject_id": str(about.id),
        "subject_version": about.version,
        "actor_kind": actor.kind,
        "actor": _text(actor.id),
        "on_behalf_of": _text(actor.on_behalf_of),
        "request_id": _text(request or request_id.get()),
        "cause_id": _text(cause_id),
        "reason": code(reason) if reason else "",
        "old": encode_values(old),
        "new": encode_values(new),
        "payload": definition.encode(payload),
        "at": clock.now().isoformat(),
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def rows_json(rows: Sequence[Row]) -> str:
    """The parameter of INSERT_EVENTS."""
    return to_json(rows)


def record_many(rows: Iterable[Row]) -> list[UUID]:
    """Write the rows in their order, in one statement of the open scope; returns the events' ids."""
    current_merchant()
    found = list(rows)
    if found:
        execute_prepared(INSERT_EVENTS, [rows_json(found)])
    return [UUID(str(row["id"])) for row in found]


def record(
    payload: object,
    *,
    subject: Subject | models.Model,
    actor: Actor,
    reason: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    cause_id: UUID | None = None,
) -> UUID:
    """Write one event; see `as_row` for what it takes and raises. Returns the event's id."""
    row = as_row(payload, subject=subject, actor=actor, reason=reason, old=old, new=new, cause_id=cause_id)
    return record_many([row])[0]
