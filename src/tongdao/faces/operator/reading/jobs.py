"""Which jobs stand still: their worker gives no sign of life any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tongdao.foundation import clock

STALLED_AFTER = timedelta(seconds=30)  # without a heartbeat; the worker gives such jobs back by itself


def stalled(rows: QuerySet[Any]) -> QuerySet[Any]:
    silent = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=clock.now() - STALLED_AFTER)
    return rows.filter(silent, status="doing")


def is_stalled(job: Any) -> bool:
    if job.status != "doing":
        return False
    return job.worker is None or job.worker.last_heartbeat < clock.now() - STALLED_AFTER
