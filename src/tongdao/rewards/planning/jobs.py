"""Long work of this room, run by the worker."""

from __future__ import annotations

from uuid import UUID

from django.db import InterfaceError, OperationalError, connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongdao.rewards.planning.operations import JOB, run_trial

AGAIN = RetryStrategy(max_attempts=5, wait=15, retry_exceptions=[OperationalError, InterfaceError])


@app.task(name=JOB, retry=AGAIN)
def run_trial_job(merchant_id: str, trial_id: str) -> None:
    """From the first day each time, so that a second run is as good as the first."""
    try:
        run_trial(UUID(merchant_id), UUID(trial_id))
    finally:
        connections.close_all()
