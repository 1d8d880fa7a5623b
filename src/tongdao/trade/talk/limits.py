"""How fast somebody may write, over all processes (foundation.throttling)."""

from __future__ import annotations

from datetime import timedelta

from tongdao.foundation.actors import Actor
from tongdao.foundation.throttling import Limit, take

PERSON = Limit("talk_person", 10, timedelta(seconds=6))  # ten a minute
STAFF = Limit("talk_staff", 60, timedelta(seconds=1))  # sixty a minute: quick answers go fast


def count_sending(actor: Actor) -> None:
    """Before each sending, outside any scope. Raises TooManyTries."""
    take(STAFF if actor.kind == "staff" else PERSON, str(actor.id))
