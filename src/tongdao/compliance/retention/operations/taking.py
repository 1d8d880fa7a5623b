"""A copy of one's data: asked for, made by a job, kept sealed for some days, opened for its person alone."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from procrastinate.contrib.django import app

from tongdao.compliance.retention.copying import write_copy
from tongdao.compliance.retention.models import TakeOut
from tongdao.compliance.retention.refusals import TakeOutGone, TakeOutUnderWay
from tongdao.compliance.retention.states import TAKE_OUT
from tongdao.foundation import clock
from tongdao.foundation.events.reading import connection_lost
from tongdao.foundation.pii.files import SealedWriter, open_sealed
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.throttling import Limit, take
from tongdao.rulebook.people import TAKE_OUT_LIFE

JOB = "compliance.retention.build_take_out"
A_DAY = Limit("take_out", 3, timedelta(hours=8))
AT_ONCE = 100


def ask_take_out(person_id: UUID, *, language: str) -> TakeOut:
    """A worker makes it. Raises TakeOutUnderWay or TooManyTries. Outside any transaction."""
    if TakeOut.objects.filter(person_id=person_id, state="asked").exists():
        raise TakeOutUnderWay()
    take(A_DAY, str(person_id))
    row = TakeOut(person_id=person_id, language=language, asked_at=clock.now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            app.configure_task(JOB, lock=f"{JOB}:{person_id}").defer(take_out_id=str(row.id))
    except IntegrityError as error:
        raise TakeOutUnderWay() from error
    return row


def build_take_out(take_out_id: UUID) -> str:
    """Make the file; returns the state. Again is no error: a file that was begun is written anew."""
    row = TakeOut.objects.get(pk=take_out_id)
    if row.state != "asked":
        return row.state
    try:
        with translation.override(row.language):
            length = _write(row)
    except Exception as error:
        if not connection_lost(error):
            claim(TAKE_OUT, "asked", "failed", TakeOut, [row.id])
        raise
    now = clock.now()
    until = now + TAKE_OUT_LIFE.on(now)
    claim(TAKE_OUT, "asked", "ready", TakeOut, [row.id], ready_at=now, good_until=until, size_bytes=length)
    return "ready"


def open_take_out(person_id: UUID) -> BinaryIO:
    """The person's own last ZIP file that was made, to be closed. Raises NotFound or TakeOutGone."""
    made = TakeOut.objects.filter(person_id=person_id, state__in=("ready", "gone"))
    row = made.order_by("-ready_at").first()
    if row is None:
        raise NotFound()
    if row.state == "gone" or row.good_until is None or row.good_until <= clock.now():
        raise TakeOutGone()
    try:
        return open_sealed(_path(row).open("rb"), _place(row))
    except FileNotFoundError as error:
        raise TakeOutGone() from error


def sweep_take_outs(now: datetime) -> int:
    """Drop copies whose days are over; returns how many."""
    over = list(TakeOut.objects.filter(state="ready", good_until__lte=now)[:AT_ONCE])
    for row in over:
        drop_take_out(row)
    return len(over)


def drop_take_out(row: TakeOut) -> None:
    """The file goes first: whoever is killed in between drops it again."""
    _path(row).unlink(missing_ok=True)
    claim(TAKE_OUT, "ready", "gone", TakeOut, [row.id])


def _note(row: TakeOut, done: int, steps: int) -> None:
    TakeOut.objects.filter(pk=row.pk).update(done=done, steps=steps)


def _path(row: TakeOut) -> Path:
    folder: Path = settings.TONGDAO_DATA / "takeouts"
    return folder / f"{row.id}.sealed"


def _place(row: TakeOut) -> str:
    return f"take_out/{row.id}"


def _write(row: TakeOut) -> int:
    """Make the copy under another name first: there is never half a file. Returns its bytes."""
    path = _path(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as kept:
        sealing = SealedWriter(kept, _place(row))
        write_copy(row, cast("BinaryIO", sealing), note=lambda done, steps: _note(row, done, steps))
        sealing.finish()
        kept.flush()
        os.fsync(kept.fileno())
    draft.replace(path)
    return sealing.length
