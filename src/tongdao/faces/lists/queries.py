"""What pages and programs show of exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tongdao.faces.lists.models import ExportRun
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation.refusals import REGISTRY
from tongdao.party.merchants.permissions import Rights


@dataclass(frozen=True, slots=True)
class ExportView:
    """`percent` of the rows are written; `why` says in words what a failed one failed of."""

    id: UUID
    noun: str
    format: str
    state: str
    unmasked: bool
    wanted: dict[str, str]
    columns: list[str]
    total_rows: int
    done_rows: int
    percent: int
    size_bytes: int
    why: str
    person_id: UUID
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None

    @property
    def running(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def file_name(self) -> str:
        """As it is called where it is taken to."""
        return f"{self.noun}-{self.created_at:%Y%m%d-%H%M%S}.{self.format}"


def exports_for(rights: Rights) -> QuerySet[ExportRun]:
    """Those that somebody with these rights may see, the latest first."""
    nouns = [noun for noun, spec in LISTS.items() if spec.need in rights.permissions]
    rows = ExportRun.objects.filter(noun__in=nouns).order_by("-created_at", "-id")
    return rows if "lists.unmask" in rights.permissions else rows.filter(unmasked=False)


def view_of(run: ExportRun) -> ExportView:
    kind = REGISTRY.get(run.why)
    return ExportView(
        id=run.id,
        noun=run.noun,
        format=run.format,
        state=run.state,
        unmasked=run.unmasked,
        wanted=run.wanted,
        columns=run.columns,
        total_rows=run.total_rows,
        done_rows=run.done_rows,
        percent=100 if run.state == "done" else min(99, run.done_rows * 100 // max(run.total_rows, 1)),
        size_bytes=run.size_bytes,
        why=kind(most=1_048_575).message if kind else "",
        person_id=run.person_id,
        created_at=run.created_at,
        finished_at=run.finished_at,
        expires_at=run.expires_at,
    )
