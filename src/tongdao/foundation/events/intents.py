"""What reactors want done outside: recorded once with the event, done at least once by a delivery."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tongdao.foundation.events.codes import code
from tongdao.foundation.events.models import Event, Intent
from tongdao.foundation.events.payloads import encode_values
from tongdao.foundation.events.reading import connection_lost, describe, running
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import assert_outside_scope, current_merchant, merchant_scope

Delivery = Callable[[Intent], None]
MOST_ATTEMPTS = 12  # with doubling pauses that is about half a day
LEASE = timedelta(minutes=2)  # longer than any delivery may take

_deliveries: dict[str, Delivery] = {}

_CLAIM = f"""
update event_intent set attempts = attempts + 1, next_at = clock_timestamp() + %s
where merchant_id = %s and id in (
  select id from event_intent where merchant_id = %s and state = 'pending' and next_at <= clock_timestamp()
  and kind = any(%s) order by next_at limit %s for update skip locked)
returning {", ".join(field.attname for field in Intent._meta.concrete_fields)}
"""  # noqa: S608 column names of the model
_FAILED = """
update event_intent set last_error = %s, state = case when attempts >= %s then 'failed' else 'pending' end,
  next_at = clock_timestamp() + least(21600, 2 ^ least(attempts, 15)) * interval '1 s'
where merchant_id = %s and id = %s and attempts = %s and state = 'pending'
"""


class OutsideReactor(RuntimeError):
    """Only a running reactor records an intent: a projection is replayed and would cause things again."""


def add_intent(
    event: Event, *, target: str | UUID, kind: str, payload: Mapping[str, Any] | None = None
) -> bool:
    """Record what shall happen because of `event`; False when it stands there already.

    `target` is the id or code of whom it reaches, `kind` names the delivery, `payload` holds ids and codes.
    """
    reader = running.get()
    if reader is None or reader.kind != "reactor":
        raise OutsideReactor(f"an intent by {reader.name if reader else 'no reader'}")
    ids = json.dumps(encode_values(payload or {}))
    values: list[Any] = [current_merchant(), uuid7(), event.id, event.seq]
    values += [reader.name, code(str(target)), code(kind), ids]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into event_intent (merchant_id, id, event_id, event_seq, reactor, target, kind, payload)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            values,
        )
        return bool(cursor.rowcount)


def delivery(kind: str) -> Callable[[Delivery], Delivery]:
    """Register who delivers intents of `kind`, outside any scope. It may be called twice for one intent."""

    def keep(function: Delivery) -> Delivery:
        if _deliveries.setdefault(code(kind), function) is not function:
            raise ValueError(f"two deliveries of {kind}")
        return function

    return keep


def deliveries() -> Mapping[str, Delivery]:
    return _deliveries


def claim_intents(kinds: Sequence[str], *, limit: int = 20, lease: timedelta = LEASE) -> list[Intent]:
    """Take due intents for `lease`; whoever dies with one leaves it to be claimed again after that."""
    merchant = current_merchant()
    return list(Intent.objects.raw(_CLAIM, [lease, merchant, merchant, list(kinds), limit]))


def finish_intent(intent: Intent) -> None:
    """It is done, also when somebody else claimed it meanwhile."""
    Intent.objects.filter(id=intent.id, state="pending").update(state="done", last_error="")


def fail_intent(intent: Intent, error: str) -> None:
    """Put the next attempt off, or give up after MOST_ATTEMPTS. Nothing if it was claimed again since."""
    merchant = current_merchant()
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, [error[:500], MOST_ATTEMPTS, merchant, intent.id, intent.attempts])


def deliver(merchant_id: UUID, *, limit: int = 20) -> int:
    """Claim due intents of the merchant and deliver them one by one; returns how many were tried."""
    assert_outside_scope()
    with merchant_scope(merchant_id):
        claimed = claim_intents(list(_deliveries), limit=limit)
    for intent in claimed:
        _deliver_one(merchant_id, intent)
    return len(claimed)


def _deliver_one(merchant_id: UUID, intent: Intent) -> None:
    error: Exception | None = None
    try:
        _deliveries[intent.kind](intent)
    except Exception as raised:  # whatever a delivery raises is kept on its intent
        if connection_lost(raised):
            raise
        error = raised
    with merchant_scope(merchant_id):
        if error is None:
            finish_intent(intent)
        else:
            fail_intent(intent, describe(error))
