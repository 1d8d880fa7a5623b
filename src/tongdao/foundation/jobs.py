"""Long work of the foundation, run by the worker."""

from __future__ import annotations

from uuid import UUID

from django.db import InterfaceError, OperationalError, connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongdao.foundation.events import reader_named, replay
from tongdao.foundation.tending import REPLAY

AGAIN = RetryStrategy(max_attempts=5, wait=15, retry_exceptions=[OperationalError, InterfaceError])


@app.task(name=REPLAY, retry=AGAIN)
def replay_reader_job(reader: str, merchant_id: str) -> None:
    """From zero each time, so that a second run is as good as the first."""
    try:
        replay(reader_named(reader), UUID(merchant_id))
    finally:
        connections.close_all()
