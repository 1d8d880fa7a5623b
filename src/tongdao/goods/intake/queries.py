"""What a page shows of imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from tongdao.foundation import clock
from tongdao.foundation.refusals import REGISTRY, NotFound, Refusal
from tongdao.goods.intake.models import ImportChange, ImportRun
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
    undo_until: datetime | None = None  # before which moment it can be taken back; None: it cannot
    undo_percent: int | None = None  # while it is being taken back, and afterwards


@dataclass(frozen=True, slots=True)
class UndoCounts:
    """Rows by noun: what an import changed, and what it made."""

    changed: dict[str, int]
    made: dict[str, int]


def undo_counts(run_id: UUID) -> UndoCounts:
    """What would go back, or went."""
    rows = ImportChange.objects.filter(run_id=run_id).order_by("noun").values_list("noun", "before__isnull")
    changed: dict[str, int] = {}
    made: dict[str, int] = {}
    for noun, is_made, many in rows.annotate(many=Count("id")):
        (made if is_made else changed)[noun] = many
    return UndoCounts(changed, made)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """What could not go back. `why` is a code."""

    title: str
    product_id: UUID
    noun: str
    why: str


def kept_rows(run_id: UUID, limit: int = 100) -> tuple[list[KeptRow], int]:
    """The first of them, and how many in all."""
    rows = ImportChange.objects.filter(run_id=run_id, state="kept").select_related("product")
    shown = [
        KeptRow(row.product.title, row.product_id, row.noun, row.why)
        for row in rows.order_by("position")[:limit]
    ]
    return shown, rows.count()


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
    percent = (
        100
        if run.state in ("done", "undoing", "undone")
        else min(99, run.done_bytes * 100 // max(run.size_bytes, 1))
    )
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
        undo_until=run.undo_until if run.undo_until and run.undo_until > clock.now() else None,
        undo_percent=_undo_percent(run),
    )


def _undo_percent(run: ImportRun) -> int | None:
    if run.state == "undone":
        return 100
    if run.state != "undoing":
        return None
    left = ImportChange.objects.filter(run=run, state="done").count()
    return min(99, (run.change_total - left) * 100 // run.change_total)


def _why(run: ImportRun) -> str:
    """The refusal that ended the run, in the language of the request."""
    kind = REGISTRY.get(str(run.why.get("code", "")))
    if kind is None:
        return ""
    refusal = kind.__new__(kind)  # its own __init__ may ask for more than what is shown
    Refusal.__init__(refusal, None, **run.why.get("details", {}))
    return refusal.message
