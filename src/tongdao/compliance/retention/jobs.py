from __future__ import annotations

from uuid import UUID

from django.db import InterfaceError, OperationalError, connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongdao.compliance.retention.operations.taking import JOB, build_take_out

AGAIN = RetryStrategy(max_attempts=20, wait=15, retry_exceptions=[OperationalError, InterfaceError])


@app.task(name=JOB, retry=AGAIN)
def build_take_out_job(take_out_id: str) -> None:
    """Comes again when the database was away or the worker was killed."""
    try:
        build_take_out(UUID(take_out_id))
    finally:
        connections.close_all()
