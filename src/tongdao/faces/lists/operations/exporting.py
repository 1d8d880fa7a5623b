"""Files made from lists in the background: exactly what the filters show, with the chosen columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from tongdao.faces.lists.events import (
    ExportCancelled,
    ExportFailed,
    ExportFinished,
    ExportQueued,
    ExportTaken,
)
from tongdao.faces.lists.files import drop_file, place_of
from tongdao.faces.lists.models import ExportRun
from tongdao.faces.lists.paging import Place
from tongdao.faces.lists.reading import items_of
from tongdao.faces.lists.refusals import (
    ExportBroke,
    ExportGone,
    ExportNotReady,
    ExportOver,
    ListHidden,
    TooManyRows,
    UnknownFormat,
)
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import Column, ListSpec
from tongdao.faces.lists.states import EXPORT_RUN
from tongdao.faces.lists.wanted import narrowed, page_of, typed
from tongdao.faces.lists.writing import FORMATS, Writer
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.events.reading import connection_lost
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.permissions import Permission, require

JOB = "faces.lists.run_export"
CHUNK = 1_000  # rows of one transaction, and of what is held in memory
KEPT = timedelta(days=3)
SHEET = 1_048_575  # rows of a spreadsheet below its head


class RunTaken(Exception):
    """The run is no longer ours: cancelled, or another worker has it."""


def queue_export(
    spec: ListSpec,
    wanted: Mapping[str, str],
    *,
    columns: Sequence[str] = (),
    file_format: str = "csv",
    unmasked: bool = False,
    actor: Actor,
) -> ExportRun:
    """Let a worker write the file. In the merchant's scope.

    Raises NotAllowed for who may not export, not see the list, or not take its personal data in full;
    FilterUnreadable or UnknownFormat.
    """
    _check((spec.need,), unmasked, actor)
    if file_format not in FORMATS:
        raise UnknownFormat()
    kept = typed(spec, wanted)
    narrowed(spec, kept)
    chosen = spec.chosen(columns)
    run = ExportRun.objects.create(
        id=uuid7(),
        noun=spec.noun,
        wanted=kept,
        columns=[column.key for column in chosen],
        format=file_format,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        unmasked=unmasked,
        person_id=_person(actor),
        created_at=clock.now(),
    )
    queued = ExportQueued(Code(spec.noun), Code(file_format), len(chosen), unmasked)
    record(queued, subject=run, actor=actor)
    job = app.configure_task(JOB)
    job.defer(merchant_id=str(run.merchant_id), run_id=str(run.id))
    return run


def cancel_export(run_id: UUID, *, actor: Actor) -> None:
    """Wanted no more: a worker that writes it stops at its next step. Raises as below, or ExportOver."""
    run = export_for(run_id, actor=actor)
    ended = {"finished_at": clock.now()}
    if not (
        claim(EXPORT_RUN, "queued", "cancelled", ExportRun, [run.id], **ended)
        or claim(EXPORT_RUN, "running", "cancelled", ExportRun, [run.id], **ended)
    ):
        raise ExportOver()
    record(ExportCancelled(), subject=run, actor=actor)


def take_export(run_id: UUID, *, actor: Actor) -> tuple[ExportRun, Path]:
    """The file. That it was taken, and by whom, is on record.

    Raises NotFound, NotAllowed, ExportNotReady or ExportGone.
    """
    run = export_for(run_id, actor=actor)
    if run.state == "expired":
        raise ExportGone()
    if run.state != "done":
        raise ExportNotReady()
    path: Path = settings.TONGDAO_DATA / run.file
    if not path.exists():
        raise ExportGone()
    record(ExportTaken(unmasked=run.unmasked), subject=run, actor=actor)
    return run, path


def _check(needs: tuple[Permission, ...], unmasked: bool, actor: Actor) -> None:
    in_full: tuple[Permission, ...] = ("lists.unmask",) if unmasked else ()
    rights = require(_person(actor), "lists.export")
    for need in (*needs, *in_full):
        if need not in rights.permissions:
            raise ListHidden(permission=need)


def export_for(run_id: UUID, *, actor: Actor) -> ExportRun:
    """For who may see that list, and in full if it is in full. Raises NotFound or NotAllowed."""
    run = ExportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    _check((LISTS[run.noun].need,), run.unmasked, actor)
    return run


def run_export(merchant_id: UUID, run_id: UUID) -> str:
    """Write the file; returns the run's state. Opens its own scopes, one for each chunk.

    One that was killed begins again. A lost database leaves it running: the job comes again.
    """
    run = _begin(merchant_id, run_id)
    if run.state != "running":
        return run.state
    try:
        _write(run)
    except RunTaken:
        drop_file(_file(run))
    except Refusal as refusal:
        _fail(run, refusal)
    except Exception as error:
        if not connection_lost(error):
            _fail(run, ExportBroke())
        raise
    with merchant_scope(merchant_id):
        return ExportRun.objects.values_list("state", flat=True).get(pk=run.id)


def _begin(merchant_id: UUID, run_id: UUID) -> ExportRun:
    with merchant_scope(merchant_id):
        claim(EXPORT_RUN, "queued", "running", ExportRun, [run_id])
        run = ExportRun.objects.filter(pk=run_id).first()
        if run is None:
            raise NotFound()
        if run.state == "running":
            run.total_rows = narrowed(LISTS[run.noun], run.wanted).count()
            run.save(update_fields=["total_rows"])
    return run


def _write(run: ExportRun) -> None:
    if run.format == "xlsx" and run.total_rows > SHEET:
        raise TooManyRows(most=SHEET)
    spec = LISTS[run.noun]
    columns = spec.chosen(run.columns)
    with translation.override(run.language):
        with FORMATS[run.format](place_of(_file(run)), columns, unmasked=run.unmasked) as writer:
            rows = _rows(run, spec, columns, writer)
        _finish(run, rows)


def _rows(run: ExportRun, spec: ListSpec, columns: Sequence[Column], writer: Writer) -> int:
    """Chunk after chunk, each read in a scope of its own and let go before the next."""
    place, rows, more = Place(), 0, True
    while more:
        with merchant_scope(run.merchant_id):
            page = page_of(spec, run.wanted, place, CHUNK)
            items = items_of(spec, page.rows, columns)
            rows += len(items)
            if not ExportRun.objects.filter(pk=run.id, state="running").update(done_rows=rows):
                raise RunTaken(run.id)
        for item in items:
            writer.write(item)
        more = page.older and bool(page.rows)
        place = Place(before=page.rows[-1].pk) if page.rows else place
    return rows


def _finish(run: ExportRun, rows: int) -> None:
    now, file = clock.now(), _file(run)
    changes = {"done_rows": rows, "file": file, "finished_at": now, "expires_at": now + KEPT}
    size = place_of(file).stat().st_size
    with merchant_scope(run.merchant_id):
        if not claim(EXPORT_RUN, "running", "done", ExportRun, [run.id], size_bytes=size, **changes):
            raise RunTaken(run.id)
        record(ExportFinished(rows=rows, unmasked=run.unmasked), subject=run, actor=_actor(run))


def _fail(run: ExportRun, refusal: Refusal) -> None:
    drop_file(_file(run))
    with merchant_scope(run.merchant_id):
        ended = {"why": refusal.code, "finished_at": clock.now()}
        if claim(EXPORT_RUN, "running", "failed", ExportRun, [run.id], **ended):
            record(ExportFailed(why=Code(refusal.code)), subject=run, actor=_actor(run))


def _file(run: ExportRun) -> str:
    return f"exports/{run.merchant_id}/{run.id}.{run.format}"


def _actor(run: ExportRun) -> Actor:
    return Actor("staff", run.person_id)


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound()
    return actor.id
