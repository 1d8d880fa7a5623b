"""Files that nobody needs any more go by themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.faces.lists.files import drop_file
from tongdao.faces.lists.models import ExportRun
from tongdao.faces.lists.states import EXPORT_RUN
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope

DUE = """
select merchant_id, id, file from export_run where state = 'done' and expires_at <= %s
order by expires_at limit %s
"""


def sweep_exports(now: datetime, limit: int = 200) -> int:
    """Let go of the files whose time is over; returns how many."""
    return work_off(due_rows(DUE, now, limit), _expire, "sweep_exports")


def _expire(merchant_id: UUID, run_id: UUID, file: str) -> None:
    with merchant_scope(merchant_id):
        claim(EXPORT_RUN, "done", "expired", ExportRun, [run_id])
    drop_file(file)
