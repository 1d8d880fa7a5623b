"""What a page shows of imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.refusals import REGISTRY, NotFound, Refusal
from tongdao.goods.intake.models import ImportRun
from tongdao.goods.intake.operations.runs import report_of
from tongdao.goods.intake.report import ImportReport


@dataclass(frozen=True, slots=True)
class RunView:
    """One import. `percent` of the file is read; `why` says in words what a failed one failed of."""

    id: UUID
    state: str
    file_name: str
    dry_run: bool
    percent: int
    report: ImportReport
    why: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def import_runs(limit: int = 20) -> list[RunView]:
    """Latest first, in a merchant_scope."""
    return [_view(run) for run in ImportRun.objects.order_by("-created_at", "-id")[:limit]]


def import_run(run_id: UUID) -> RunView:
    """One run; raises NotFound."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    return _view(run)


def _view(run: ImportRun) -> RunView:
    percent = 100 if run.state == "done" else min(99, run.done_bytes * 100 // max(run.size_bytes, 1))
    return RunView(
        id=run.id,
        state=run.state,
        file_name=run.file_name,
        dry_run=run.dry_run,
        percent=percent,
        report=report_of(run),
        why=_why(run),
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _why(run: ImportRun) -> str:
    """The refusal that ended the run, in the language of the request."""
    kind = REGISTRY.get(str(run.why.get("code", "")))
    if kind is None:
        return ""
    refusal = kind.__new__(kind)  # its own __init__ may ask for more than what is shown
    Refusal.__init__(refusal, None, **run.why.get("details", {}))
    return refusal.message
