"""What imports changed is forgotten once nobody may take them back any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.intake.models import UNDO_FOR, ImportChange, ImportRun

CHUNK = 1_000  # rows of one transaction
DUE = """
select merchant_id, id from import_run
where change_total > 0 and state in ('done', 'failed', 'undone') and coalesce(undone_at, finished_at) <= %s
order by row_number() over (partition by merchant_id order by coalesce(undone_at, finished_at)),
  coalesce(undone_at, finished_at) limit %s
"""


def sweep_old_changes(now: datetime, limit: int = 20) -> int:
    """Remove the rows of imports that ended, or were taken back, UNDO_FOR ago; returns of how many."""
    return work_off(due_rows(DUE, now - UNDO_FOR, limit), forget_changes, "sweep_old_changes")


def forget_changes(merchant_id: UUID, run_id: UUID) -> None:
    """All its rows, some a transaction; a killed one goes on where it was. Opens its own scopes."""
    while forget_some(merchant_id, run_id):
        pass


def forget_some(merchant_id: UUID, run_id: UUID, *, most: int = CHUNK) -> bool:
    """Its next rows; whether something may be left."""
    with merchant_scope(merchant_id):
        runs = ImportRun.objects.select_for_update(no_key=True, skip_locked=True)
        if not runs.filter(pk=run_id, change_total__gt=0).exclude(state="undoing").exists():
            return False
        rows = ImportChange.objects.filter(run_id=run_id).order_by("position")
        ids = list(rows.values_list("id", flat=True)[:most])
        ImportChange.objects.filter(pk__in=ids).delete()
        if len(ids) == most:
            return True
        ImportRun.objects.filter(pk=run_id).update(change_total=0)
    return False
