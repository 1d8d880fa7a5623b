"""Jobs of the queue: again, or not at all."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tending.refusals import JobMovedOn


def retry_job(job_id: int, *, actor: Actor, reason: str) -> None:
    """Run a failed job again, now. Raises NotFound or JobMovedOn."""
    with transaction.atomic():
        if _status(job_id) != "failed":
            raise JobMovedOn()
        note_deed("job.retry", ("job", job_id), actor=actor, reason=reason)
        app.job_manager.retry_job_by_id(job_id, clock.now())


def cancel_job(job_id: int, *, actor: Actor, reason: str) -> None:
    """Let a job that has not begun never begin. Raises NotFound or JobMovedOn."""
    with transaction.atomic():
        _status(job_id)
        note_deed("job.cancel", ("job", job_id), actor=actor, reason=reason)
        if not app.job_manager.cancel_job_by_id(job_id):
            raise JobMovedOn()


def _status(job_id: int) -> str:
    """Locks the job until the end of the transaction."""
    rows = ProcrastinateJob.objects.select_for_update(of=("self",))
    status: str | None = rows.filter(pk=job_id).values_list("status", flat=True).first()
    if status is None:
        raise NotFound()
    return status
