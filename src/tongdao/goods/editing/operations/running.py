"""Working off bulk changes, and putting them back: some lines a transaction, each line exactly once.

A line's state is written in the transaction that writes its price, and the batch is locked meanwhile: a
killed worker leaves either both or none, and two workers never take the same line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.editing.applying import APPLY, UNDO, Act
from tongdao.goods.editing.events import GoodsBatchFinished, GoodsBatchUndone
from tongdao.goods.editing.models import BatchKind, GoodsBatch, GoodsBatchLine
from tongdao.goods.editing.states import GOODS_BATCH, GOODS_BATCH_LINE

CHUNK = 200  # lines of one transaction
DUE = """
select merchant_id, id from goods_batch
where state in ('waiting', 'running', 'undoing') and due_at <= %s
order by row_number() over (partition by merchant_id order by due_at, id), due_at, id limit %s
"""


def sweep_batches(now: datetime, limit: int = 20) -> int:
    """Work off the bulk changes that are due; returns how many. Opens its own scopes."""
    return work_off(due_rows(DUE, now, limit), lambda merchant, id: run_batch(merchant, id), "sweep_batches")


def run_batch(merchant_id: UUID, batch_id: UUID, *, most: int | None = None) -> None:
    """Work it off to its end, or `most` transactions of it. Opens its own scopes."""
    while (most is None or most > 0) and run_some(merchant_id, batch_id):
        most = None if most is None else most - 1


def run_some(merchant_id: UUID, batch_id: UUID) -> bool:
    """Its next lines, in one transaction; whether something may be left."""
    with merchant_scope(merchant_id):
        found = GoodsBatch.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=batch_id)
        batch = found.filter(due_at__lte=clock.now()).first()
        if batch is None:
            return False
        if batch.state == "waiting":
            claim(GOODS_BATCH, "waiting", "running", GoodsBatch, [batch.id])
            batch.state = "running"
        if batch.state == "running":
            return _go_on(batch, "waiting", APPLY[BatchKind(batch.kind)], _finish)
        if batch.state == "undoing":
            return _go_on(batch, "done", UNDO[BatchKind(batch.kind)], _finish_undo)
    return False


def _go_on(
    batch: GoodsBatch,
    frm: str,
    act: Act,
    end: Callable[[GoodsBatch], None],
) -> bool:
    rows = GoodsBatchLine.objects.filter(batch=batch, state=frm).order_by("position")
    lines = list(rows.select_related("product")[:CHUNK])
    if not lines:
        end(batch)
        return False
    outcomes = act(batch, lines, _actor(batch))
    for to in {outcome.state for outcome in outcomes}:
        mine = {each.line_id: {"why": each.why, **each.columns} for each in outcomes if each.state == to}
        _move(frm, to, mine)
    return True


def _move(frm: str, to: str, lines: Mapping[UUID, Mapping[str, object]]) -> None:
    if frm == "waiting" and to == "done":
        claim(GOODS_BATCH_LINE, "waiting", "done", GoodsBatchLine, lines)
    elif frm == "waiting":
        claim(GOODS_BATCH_LINE, "waiting", "refused", GoodsBatchLine, lines)
    elif to == "undone":
        claim(GOODS_BATCH_LINE, "done", "undone", GoodsBatchLine, lines)
    else:
        claim(GOODS_BATCH_LINE, "done", "kept", GoodsBatchLine, lines)


def _finish(batch: GoodsBatch) -> None:
    claim(GOODS_BATCH, "running", "done", GoodsBatch, [batch.id], finished_at=clock.now())
    batch.refresh_from_db()
    finished = GoodsBatchFinished(
        kind=Code(batch.kind), done=_count(batch, "done"), refused=_count(batch, "refused")
    )
    record(finished, subject=batch, actor=_actor(batch))


def _finish_undo(batch: GoodsBatch) -> None:
    claim(GOODS_BATCH, "undoing", "undone", GoodsBatch, [batch.id], finished_at=clock.now())
    batch.refresh_from_db()
    undone = GoodsBatchUndone(
        kind=Code(batch.kind), undone=_count(batch, "undone"), kept=_count(batch, "kept")
    )
    record(undone, subject=batch, actor=_actor(batch))


def _count(batch: GoodsBatch, state: str) -> int:
    return GoodsBatchLine.objects.filter(batch=batch, state=state).count()


def _actor(batch: GoodsBatch) -> Actor:
    """Whoever asked for it; for what is put back, whoever wanted that."""
    who = batch.undone_by or batch.staff_id
    return Actor("staff", who) if who else SYSTEM
