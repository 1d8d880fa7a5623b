"""Rows, files that go with a commit, and what a crash leaves."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from tests.conftest import Cluster
from tests.foundation.attachments.rows import Enclosure, table
from tests.foundation.test_images import picture
from tests.support.builders import make_shop
from tongdao.foundation import clock
from tongdao.foundation.attachments import path_of, stored_attachments
from tongdao.foundation.attachments.forgetting import (
    attachment_tables,
    delete_with_files,
    forget_files,
    sweep_attachments,
)
from tongdao.foundation.attachments.storing import leave_open, open_mark
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope

LATER = timedelta(days=1, seconds=5)


@pytest.fixture(scope="module")
def merchant(cluster: Cluster) -> Iterator[UUID]:
    with table():
        yield make_shop().merchant_id


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


def enclose(merchant: UUID, case: UUID) -> str:
    """One picture, as a room keeps it; its file."""
    with (
        stored_attachments(merchant, "aftersales", [io.BytesIO(picture("PNG"))]) as kept,
        merchant_scope(merchant),
    ):
        for position, each in enumerate(kept, 1):
            Enclosure.objects.create(case=case, **each.columns(position))
    return kept[0].file


def sweep(after: timedelta = LATER) -> int:
    return sweep_attachments(clock.now() + after, [Enclosure])


def test_a_row_says_what_is_kept(merchant: UUID) -> None:
    case = uuid7()
    file = enclose(merchant, case)
    with merchant_scope(merchant):
        row = Enclosure.objects.get(case=case)
    assert (row.position, row.file, row.type, row.width, row.height) == (1, file, "image/webp", 60, 40)
    assert row.bytes == path_of(file).stat().st_size and len(row.sha256) == 64
    assert not open_mark(file).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 0},
        {"type": "text/html"},
        {"bytes": 0},
        {"width": -1},
        {"height": -1},
        {"sha256": "x" * 64},
    ],
)
def test_the_database_refuses_nonsense(merchant: UUID, wrong: dict[str, Any]) -> None:
    right = {"position": 1, "file": f"{uuid4()}", "type": "video/mp4", "bytes": 1, "sha256": "0" * 64}
    with pytest.raises(IntegrityError), merchant_scope(merchant):
        Enclosure.objects.create(case=uuid7(), **{**right, **wrong})


def test_a_file_belongs_to_one_row(merchant: UUID) -> None:
    file = enclose(merchant, uuid7())
    with pytest.raises(IntegrityError), merchant_scope(merchant):
        Enclosure.objects.create(
            case=uuid7(), position=1, file=file, type="image/webp", bytes=1, sha256="0" * 64
        )


def test_reading_and_drawing_happen_outside_any_scope(merchant: UUID) -> None:
    with (
        pytest.raises(Exception, match="scope"),
        merchant_scope(merchant),
        stored_attachments(merchant, "talk", []),
    ):
        raise AssertionError("nobody gets here")


def test_files_are_forgotten_with_the_commit(merchant: UUID) -> None:
    case = uuid7()
    file, other = enclose(merchant, case), enclose(merchant, uuid7())
    with merchant_scope(merchant):
        assert forget_files(Enclosure.objects.filter(case=case)) == 1
        assert path_of(file).exists()
    with merchant_scope(merchant):
        row = Enclosure.objects.get(case=case)
        assert forget_files(Enclosure.objects.filter(case=case)) == 0
    assert row.file == "" and row.sha256
    assert not path_of(file).exists() and not open_mark(file).exists() and path_of(other).exists()


def test_rows_and_files_go_together(merchant: UUID) -> None:
    case = uuid7()
    file = enclose(merchant, case)
    with merchant_scope(merchant):
        assert delete_with_files(Enclosure.objects.filter(case=case)) == 1
        assert not Enclosure.objects.filter(case=case).exists()
    assert not path_of(file).exists() and not open_mark(file).exists()


def test_without_a_commit_nothing_is_forgotten(merchant: UUID) -> None:
    case = uuid7()
    file = enclose(merchant, case)
    with pytest.raises(RuntimeError), merchant_scope(merchant):
        forget_files(Enclosure.objects.filter(case=case))
        raise RuntimeError
    assert path_of(file).exists()
    assert sweep() == 1
    assert path_of(file).exists() and not open_mark(file).exists()


def test_a_file_without_a_row_goes_after_a_day(merchant: UUID) -> None:
    """As kill -9 leaves it between the file and the commit, and between a commit and its file."""
    named, case = enclose(merchant, uuid7()), uuid7()
    lost = enclose(merchant, case)
    with merchant_scope(merchant):
        Enclosure.objects.filter(case=case).update(file="")
    leave_open([named, lost])
    assert sweep(timedelta(hours=23)) == 0
    assert path_of(lost).exists()
    assert sweep() == 2
    assert path_of(named).exists() and not path_of(lost).exists()
    assert not open_mark(named).exists() and not open_mark(lost).exists()
    assert sweep() == 0


def test_another_merchants_row_keeps_no_file(merchant: UUID) -> None:
    """Its name begins with whose it is; only there it is looked for."""
    case, other = uuid7(), make_shop().merchant_id
    file = enclose(merchant, case)
    stray = f"{other}/{file.partition('/')[2]}"
    path_of(stray).parent.mkdir(parents=True)
    path_of(stray).write_bytes(b"x")
    leave_open([stray])
    with merchant_scope(merchant):
        Enclosure.objects.filter(case=case).update(file=stray)
    assert sweep() == 1 and not path_of(stray).exists()


KILLED = """
import io, os, signal, sys
import django
django.setup()
from django.conf import settings
from pathlib import Path
from uuid import UUID
settings.PRIVATE_ROOT = Path(sys.argv[2])
from tests.foundation.test_images import picture
from tongdao.foundation.attachments import stored_attachments
with stored_attachments(UUID(sys.argv[1]), "talk", [io.BytesIO(picture("PNG"))]) as kept:
    sys.stdout.write(kept[0].file)
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_between_file_and_row_nothing_stays(merchant: UUID, cluster: Cluster, root: Path) -> None:
    argv = [sys.executable, "-c", KILLED, str(merchant), str(root)]
    environ = {**cluster.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    file = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False).stdout
    assert path_of(file).exists()
    assert sweep() == 1
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_the_worker_sweeps_and_knows_the_tables_of_all_rooms() -> None:
    from tongdao.config.worker import SLOW_SWEEPS

    assert sweep_attachments in SLOW_SWEEPS
    assert Enclosure not in attachment_tables()
    assert all(model._meta.managed for model in attachment_tables())
