"""All long work of a merchant's desk, whatever does it. A room with runs of its own adds a source here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.lists.queries import exports_for, view_of
from tongdao.faces.lists.registry import LISTS
from tongdao.goods.intake.queries import import_runs
from tongdao.party.merchants.permissions import Rights

MOST = 50  # of each source


@dataclass(frozen=True, slots=True)
class Work:
    """`kind` is "export" or "import"; `page` and `parts` lead to it; `result` is a number of rows."""

    kind: str
    what: str
    page: str
    parts: dict[str, UUID]
    state: str
    percent: int
    result: int
    at: datetime


def exports(rights: Rights) -> list[Work]:
    if "lists.export" not in rights.permissions:
        return []
    views = [view_of(run) for run in exports_for(rights)[:MOST]]
    return [
        Work(
            "export",
            str(LISTS[view.noun].title),
            "job",
            {"export_id": view.id},
            view.state,
            view.percent,
            view.done_rows,
            view.created_at,
        )
        for view in views
    ]


def imports(rights: Rights) -> list[Work]:
    if "goods.edit" not in rights.permissions:
        return []
    return [
        Work(
            "import",
            run.file_name,
            "import",
            {"run_id": run.id},
            run.state,
            run.percent,
            run.report.counts.products,
            run.created_at,
        )
        for run in import_runs(MOST)
    ]


SOURCES: tuple[Callable[[Rights], Sequence[Work]], ...] = (exports, imports)


def work_for(rights: Rights) -> list[Work]:
    """What somebody with these rights may see of it, the latest first."""
    found = [work for source in SOURCES for work in source(rights)]
    return sorted(found, key=lambda work: work.at, reverse=True)[:MOST]
