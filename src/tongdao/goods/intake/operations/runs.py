"""Imports in the background: a file is handed in, a job works it off, the page follows its progress."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.events.reading import connection_lost
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import merchant_scope, on_commit
from tongdao.goods.catalog.importing import read_products
from tongdao.goods.intake.applying import Intake
from tongdao.goods.intake.events import ImportFailed, ImportFinished, ImportQueued
from tongdao.goods.intake.files import drop_file, keep_file
from tongdao.goods.intake.models import ImportRun
from tongdao.goods.intake.operations.importing import check_currency, take_in
from tongdao.goods.intake.problems import Problem
from tongdao.goods.intake.refusals import ImportBroke, ImportFileGone
from tongdao.goods.intake.report import Counts, ImportReport
from tongdao.goods.intake.states import IMPORT_RUN

JOB = "goods.intake.run_import"
TRIED_MOST = 20  # dry runs whose file may still be there


class RunTaken(Exception):
    """Another worker is further with this run."""


def queue_import(
    merchant_id: UUID,
    stream: BinaryIO,
    *,
    file_name: str,
    currency: str,
    dry_run: bool = False,
    node_id: UUID | None = None,
    actor: Actor,
) -> ImportRun:
    """Keep the file and let a worker import it. Opens its own scope.

    Raises ImportFileTooLarge, WrongFile or CurrencyDiffers; then nothing is kept.
    """
    check_currency(merchant_id, currency)
    run = ImportRun(
        id=uuid7(),
        merchant_id=merchant_id,
        file_name=Path(file_name).name[:120],
        currency=currency,
        dry_run=dry_run,
        node_id=node_id,
        staff_id=actor.id,
        created_at=clock.now(),
    )
    path, run.size_bytes = keep_file(merchant_id, run.id, stream)
    run.file = str(path.relative_to(settings.TONGDAO_DATA))
    try:
        with path.open("rb") as kept:
            read_products(kept, currency=currency)
        _queue(run, actor)
    except BaseException:
        drop_file(run.file)
        raise
    return run


def confirm_import(merchant_id: UUID, run_id: UUID, *, actor: Actor) -> ImportRun:
    """Import for good the file of a finished dry run. Opens its own scopes.

    Raises NotFound or ImportFileGone, and what `queue_import` raises.
    """
    with merchant_scope(merchant_id):
        tried = ImportRun.objects.filter(pk=run_id, dry_run=True, state="done").first()
    if tried is None:
        raise NotFound()
    try:
        stream = (settings.TONGDAO_DATA / tried.file).open("rb")
    except FileNotFoundError as error:
        raise ImportFileGone() from error
    with stream:
        return queue_import(
            merchant_id,
            stream,
            file_name=tried.file_name,
            currency=tried.currency,
            node_id=tried.node_id,
            actor=actor,
        )


def _queue(run: ImportRun, actor: Actor) -> None:
    with merchant_scope(run.merchant_id):
        tried = ImportRun.objects.filter(dry_run=True, state="done").exclude(file="")
        for file in tried.order_by("-created_at").values_list("file", flat=True)[:TRIED_MOST]:
            on_commit(partial(drop_file, file))
        run.save(force_insert=True)
        record(ImportQueued(dry_run=run.dry_run), subject=run, actor=actor)
        job = app.configure_task(JOB, lock=f"{JOB}:{run.merchant_id}")
        job.defer(merchant_id=str(run.merchant_id), run_id=str(run.id))


def run_import(merchant_id: UUID, run_id: UUID) -> str:
    """Work a run off, or go on with one that was killed; returns its state. Opens its own scopes.

    A second worker with the same run gives way. Refusals end the run as failed; so does an error of ours,
    which is raised on. A lost database leaves it running: the job comes again.
    """
    run = _begin(merchant_id, run_id)
    if run.state != "running":
        _let_go(run)
        return run.state
    try:
        _finish(run, _work(run))
    except RunTaken:
        return "running"
    except Refusal as refusal:
        _fail(run, refusal)
    except Exception as error:
        if not connection_lost(error):
            _fail(run, ImportBroke())
        raise
    _let_go(run)
    return run.state


def _let_go(run: ImportRun) -> None:
    """A dry run's file stays for `confirm_import`, until the merchant hands in the next one."""
    if not (run.dry_run and run.state == "done"):
        drop_file(run.file)


def _begin(merchant_id: UUID, run_id: UUID) -> ImportRun:
    with merchant_scope(merchant_id):
        claim(IMPORT_RUN, "queued", "running", ImportRun, [run_id], started_at=clock.now())
        run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    return run


def _work(run: ImportRun) -> ImportReport:
    how = Intake(run.currency, "import", _actor(run), run.node_id, run.id)
    path = settings.TONGDAO_DATA / run.file
    if not path.exists():
        raise ImportFileGone()
    with path.open("rb") as stream:

        def note(report: ImportReport, number: int) -> None:
            _note(run, report, number, stream.tell())

        return take_in(
            run.merchant_id,
            read_products(stream, currency=run.currency),
            how,
            dry_run=run.dry_run,
            begun=report_of(run),
            skip=run.done_chunks,
            note=note,
        )


def _note(run: ImportRun, report: ImportReport, number: int, read_bytes: int) -> None:
    """How far it is, in the transaction that wrote the chunk: tried again, a chunk still counts once."""
    mine = ImportRun.objects.filter(pk=run.id, state="running", done_chunks__lt=number)
    if not mine.update(done_chunks=number, done_bytes=read_bytes, **_columns(report)):
        raise RunTaken(run.id)


def _columns(report: ImportReport) -> dict[str, object]:
    return {
        "counts": report.counts.as_json(),
        "problems": [problem.as_json() for problem in report.problems],
        "problem_total": report.problem_total,
    }


def report_of(run: ImportRun) -> ImportReport:
    """What the run did so far."""
    problems = tuple(Problem(**each) for each in run.problems)
    return ImportReport(Counts(**run.counts), problems, run.problem_total, run.dry_run)


def _finish(run: ImportRun, report: ImportReport) -> None:
    finished = ImportFinished(
        dry_run=run.dry_run,
        products_created=report.counts.products_created,
        products_updated=report.counts.products_updated,
        problem_total=report.problem_total,
    )
    written = {name: _json(value) for name, value in _columns(report).items()}
    _end(run, "done", finished, done_bytes=run.size_bytes, **written)


def _fail(run: ImportRun, refusal: Refusal) -> None:
    why = {"code": refusal.code, "details": dict(refusal.details)}
    _end(run, "failed", ImportFailed(why=Code(refusal.code)), why=_json(why))


def _end(run: ImportRun, state: str, event: object, **changes: object) -> None:
    now: datetime = clock.now()
    with merchant_scope(run.merchant_id):
        changes["finished_at"] = now
        if state == "done":
            moved = claim(IMPORT_RUN, "running", "done", ImportRun, [run.id], **changes)
        else:
            moved = claim(IMPORT_RUN, "running", "failed", ImportRun, [run.id], **changes)
        if moved:
            record(event, subject=run, actor=_actor(run))
        run.refresh_from_db()


def _json(value: object) -> object:
    return value if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _actor(run: ImportRun) -> Actor:
    return Actor("staff", run.staff_id) if run.staff_id else Actor("system")
