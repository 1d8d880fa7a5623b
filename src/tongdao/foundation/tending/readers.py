"""Readers that stand still, projections that are doubted, intents that were given up."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.events.models import Intent
from tongdao.foundation.events.registry import readers
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.tending.refusals import NotReplayable

REPLAY = "replay_reader"  # the job's name
_DUE = """
update event_reader_position set retry_at = null where merchant_id = %s and reader = %s and failures > 0
"""


def retry_reader(reader: str, merchant_id: UUID, *, actor: Actor, reason: str) -> None:
    """Let a failing reader try again at the worker's next poll. Raises NotFound where it does not fail."""
    with merchant_scope(merchant_id), connection.cursor() as cursor:
        cursor.execute(_DUE, [merchant_id, reader])
        if not cursor.rowcount:
            raise NotFound()
        note_deed("reader.retry", ("reader", reader), actor=actor, reason=reason, merchant_id=merchant_id)


def replay_reader(reader: str, merchant_id: UUID, *, actor: Actor, reason: str) -> int:
    """Empty a projection's rows of the merchant and read its events from the first, as a job; its number.

    Raises NotFound or NotReplayable.
    """
    found = readers().get(reader)
    if found is None:
        raise NotFound()
    if found.kind != "projection":
        raise NotReplayable()
    with merchant_scope(merchant_id):
        subject = ("reader", reader)
        note_deed("reader.replay", subject, actor=actor, reason=reason, merchant_id=merchant_id)
        job = app.configure_task(REPLAY, lock=f"{REPLAY}:{reader}:{merchant_id}")
        return job.defer(reader=reader, merchant_id=str(merchant_id))


def retry_intent(intent_id: UUID, merchant_id: UUID, *, actor: Actor, reason: str) -> None:
    """Begin anew with what was given up after many tries. Raises NotFound where it was not."""
    with merchant_scope(merchant_id):
        failed = Intent.objects.filter(pk=intent_id, state="failed")
        if not failed.update(state="pending", attempts=0, next_at=clock.now()):
            raise NotFound()
        note_deed("intent.retry", ("intent", intent_id), actor=actor, reason=reason, merchant_id=merchant_id)
