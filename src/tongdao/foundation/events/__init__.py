"""One event log is audit trail, outbox and feed; see docs/algorithms/events.md."""

from tongdao.foundation.events.codes import Code, PersonalData, code
from tongdao.foundation.events.context import request_id
from tongdao.foundation.events.definitions import define, retire, vocabulary
from tongdao.foundation.events.intents import add_intent, delivery
from tongdao.foundation.events.models import Event, Intent
from tongdao.foundation.events.queries import timeline
from tongdao.foundation.events.reading import ReaderFailed, run_reader
from tongdao.foundation.events.recording import (
    INSERT_EVENTS,
    Subject,
    as_row,
    record,
    record_many,
    rows_json,
)
from tongdao.foundation.events.registry import projection, reactor, reader_faults, reader_named, readers
from tongdao.foundation.events.replaying import replay

__all__ = [
    "INSERT_EVENTS",
    "Code",
    "Event",
    "Intent",
    "PersonalData",
    "ReaderFailed",
    "Subject",
    "add_intent",
    "as_row",
    "code",
    "define",
    "delivery",
    "projection",
    "reactor",
    "reader_faults",
    "reader_named",
    "readers",
    "record",
    "record_many",
    "replay",
    "request_id",
    "retire",
    "rows_json",
    "run_reader",
    "timeline",
    "vocabulary",
]
