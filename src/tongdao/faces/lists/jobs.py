"""Long work of this room, run by the worker."""

from __future__ import annotations

from uuid import UUID

from django.db import InterfaceError, OperationalError, connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongdao.faces.lists.operations.exporting import JOB, run_export

AGAIN = RetryStrategy(max_attempts=20, wait=15, retry_exceptions=[OperationalError, InterfaceError])


@app.task(name=JOB, retry=AGAIN)
def run_export_job(merchant_id: str, run_id: str) -> None:
    """Comes again when the database was away or the worker was killed; the file is then begun anew."""
    try:
        run_export(UUID(merchant_id), UUID(run_id))
    finally:
        connections.close_all()
