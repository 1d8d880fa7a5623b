"""Imports in the background, two at once, and a worker that is killed in the middle."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.goods.intake.support import bring_in, catalogue, row, sheet
from tests.support.builders import Shop, make_shop
from tongdao.foundation.events import Event
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.importing import WrongFile
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.intake import files
from tongdao.goods.intake.jobs import run_import_job
from tongdao.goods.intake.models import ImportRun
from tongdao.goods.intake.operations import queue_import, run_import
from tongdao.goods.intake.queries import import_run, import_runs
from tongdao.goods.intake.refusals import ImportFileTooLarge

MANY = [row(f"p{number}", f"{number + 1}", code=f"c{number}", stock="4") for number in range(400)]
WORKER = """
import sys
import django
django.setup()
from uuid import UUID
from tongdao.goods.intake.operations import run_import
print(run_import(UUID(sys.argv[1]), UUID(sys.argv[2])), flush=True)
"""


@pytest.fixture
def shop() -> Shop:
    return make_shop(())


def queue(shop: Shop, rows: list[dict[str, str]], *, dry_run: bool = False) -> ImportRun:
    return queue_import(
        shop.merchant_id,
        sheet(*rows),
        file_name="春茶.csv",
        currency="CNY",
        dry_run=dry_run,
        actor=shop.owner,
    )


def kept(shop: Shop) -> list[Path]:
    folder = settings.TONGDAO_DATA / "imports" / str(shop.merchant_id)
    return list(folder.iterdir()) if folder.exists() else []


def test_a_run_goes_from_queued_to_done_and_its_file_goes(shop: Shop) -> None:
    run = queue(shop, [*MANY[:120], row("bad", "x")])
    with merchant_scope(shop.merchant_id):
        view = import_run(run.id)
    assert (view.state, view.percent, view.file_name) == ("queued", 0, "春茶.csv")
    job = ProcrastinateJob.objects.get(args__run_id=str(run.id))
    assert job.args == {"merchant_id": str(shop.merchant_id), "run_id": str(run.id)}
    assert [oct(path.stat().st_mode)[-3:] for path in kept(shop)] == ["600"]
    run_import_job(**job.args)
    with merchant_scope(shop.merchant_id):
        [view] = import_runs()
        assert Product.objects.count() == 120
        names = list(Event.objects.filter(subject_id=run.id).order_by("seq").values_list("name", flat=True))
    assert (view.state, view.percent, view.report.counts.products_created) == ("done", 100, 120)
    assert [problem.code for problem in view.report.problems] == ["price", "no_variant"]
    assert view.report.problems[0].message and view.started_at and view.finished_at
    assert names == ["import_run.queued", "import_run.finished"]
    assert kept(shop) == []
    assert run_import(shop.merchant_id, run.id) == "done"


def test_a_dry_run_in_the_background_reports_and_writes_nothing(shop: Shop) -> None:
    run = queue(shop, MANY[:70], dry_run=True)
    assert run_import(shop.merchant_id, run.id) == "done"
    with merchant_scope(shop.merchant_id):
        assert import_run(run.id).report.counts.products_created == 70
        assert not Product.objects.exists()


def test_a_wrong_file_is_refused_at_once_and_not_kept(shop: Shop) -> None:
    with pytest.raises(WrongFile):
        queue_import(
            shop.merchant_id, io.BytesIO(b"a,b\n1,2\n"), file_name="x", currency="CNY", actor=shop.owner
        )
    assert kept(shop) == []
    with merchant_scope(shop.merchant_id):
        assert import_runs() == []


class Endless(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        return b"x" * size


def test_an_endless_upload_is_cut_off(shop: Shop) -> None:
    with pytest.raises(ImportFileTooLarge):
        queue_import(shop.merchant_id, Endless(), file_name="x", currency="CNY", actor=shop.owner)  # type: ignore[arg-type]  # reads is all that is asked of it
    assert kept(shop) == []
    assert files.BYTES_MAX == 64 * 1024 * 1024


def test_a_file_that_is_gone_fails_the_run_in_words(shop: Shop) -> None:
    run = queue(shop, MANY[:2])
    files.drop_file(run.file)
    assert run_import(shop.merchant_id, run.id) == "failed"
    with merchant_scope(shop.merchant_id):
        view = import_run(run.id)
        assert Event.objects.filter(name="import_run.failed", subject_id=run.id).count() == 1
    assert view.why


def test_a_run_is_its_merchants_only(shop: Shop) -> None:
    run = queue(shop, MANY[:2])
    other = make_shop(())
    with pytest.raises(NotFound):
        run_import(other.merchant_id, run.id)
    with merchant_scope(other.merchant_id):
        assert import_runs() == []


def test_two_imports_of_one_file_at_once_make_no_twins(shop: Shop) -> None:
    gate = threading.Barrier(2)

    def go() -> tuple[int, int]:
        gate.wait(10)
        try:
            counts = bring_in(shop, sheet(*MANY)).counts
            return counts.products_created, counts.products_unchanged
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = [future.result(120) for future in [pool.submit(go), pool.submit(go)]]
    assert [sum(numbers) for numbers in zip(*told, strict=True)] == [400, 400]
    with merchant_scope(shop.merchant_id):
        assert Product.objects.count() == Sku.objects.count() == PriceChange.objects.count() == 400


def test_two_workers_with_one_run_count_each_chunk_once(shop: Shop) -> None:
    run = queue(shop, MANY)
    gate = threading.Barrier(2)

    def go() -> str:
        gate.wait(10)
        try:
            return run_import(shop.merchant_id, run.id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        states = {future.result(120) for future in [pool.submit(go), pool.submit(go)]}
    assert "done" in states
    with merchant_scope(shop.merchant_id):
        assert import_run(run.id).report.counts.products_created == 400
        assert Product.objects.count() == 400


def done_chunks(shop: Shop, run: ImportRun) -> int:
    with merchant_scope(shop.merchant_id):
        return ImportRun.objects.get(pk=run.id).done_chunks


def test_a_killed_import_goes_on_and_ends_as_if_nothing_had_been(shop: Shop) -> None:
    whole = make_shop(())
    rows = [row(f"p{number}", "3", code=f"c{number}", stock="4") for number in range(2500)]
    first = queue(whole, rows)
    assert run_import(whole.merchant_id, first.id) == "done"
    run = queue(shop, rows)
    argv = [sys.executable, "-c", WORKER, str(shop.merchant_id), str(run.id)]
    worker = subprocess.Popen(argv)
    until = time.monotonic() + 60
    while done_chunks(shop, run) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(30) == -signal.SIGKILL
    reached = done_chunks(shop, run)
    assert 3 <= reached < 50
    assert run_import(shop.merchant_id, run.id) == "done"
    assert catalogue(shop) == catalogue(whole)
    with merchant_scope(shop.merchant_id):
        mine = import_run(run.id)
    with merchant_scope(whole.merchant_id):
        theirs = import_run(first.id)
    assert (mine.report, mine.percent) == (theirs.report, theirs.percent)
