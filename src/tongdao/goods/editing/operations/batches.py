"""Bulk changes: begun after a preview, worked off by the sweep, cancelled while they wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.goods.editing.choosing import Line, Preview
from tongdao.goods.editing.events import GoodsBatchBegun, GoodsBatchCancelled
from tongdao.goods.editing.models import BatchKind, GoodsBatch, GoodsBatchLine
from tongdao.goods.editing.reckoning import COMPARE, ENDINGS, HOW, LEAST_BPS, MOST_BPS, PriceRule
from tongdao.goods.editing.refusals import (
    BatchBegun,
    BatchNotDone,
    DueInvalid,
    NothingChanges,
    PreviewStale,
    RuleInvalid,
)
from tongdao.goods.editing.states import GOODS_BATCH

NOTE_MAX = 120
AHEAD = timedelta(days=366)


def check_rule(rule: PriceRule) -> PriceRule:
    """The rule, if it is one. Raises RuleInvalid."""
    known = rule.how in HOW and rule.compare in COMPARE and (rule.ending is None or rule.ending in ENDINGS)
    sized = rule.how != "percent" or LEAST_BPS <= rule.value <= MOST_BPS
    if not (known and sized and abs(rule.value) <= 2**52 and (rule.floor_fen or 0) >= 0):
        raise RuleInvalid()
    return rule


def check_due(at: datetime) -> datetime:
    """A moment that a change can be planned for. Raises DueInvalid."""
    now = clock.now()
    if not now < at <= now + AHEAD:
        raise DueInvalid()
    return at


def begin_batch(
    kind: BatchKind,
    preview: Preview,
    *,
    seen: str,
    rule: dict[str, Any],
    note: str = "",
    due_at: datetime | None = None,
    actor: Actor,
) -> GoodsBatch:
    """Have done what the preview shows, at once or from `due_at` on; its refused lines are left out.

    `seen` is the fingerprint of the preview that staff looked at. The sweep works it off: `run_batch` may be
    called after the commit to begin at once. Raises PreviewStale or NothingChanges.
    """
    if preview.fingerprint != seen:
        raise PreviewStale()
    lines, now = preview.changing, clock.now()
    if not lines:
        raise NothingChanges()
    batch = GoodsBatch.objects.create(
        kind=kind.value,
        rule=rule,
        note=" ".join(note.split())[:NOTE_MAX],
        due_at=due_at or now,
        planned=due_at is not None,
        staff_id=actor.id,
        lines=len(lines),
        created_at=now,
    )
    GoodsBatchLine.objects.bulk_create(
        [_row(batch, place, line) for place, line in enumerate(lines, 1)], 1000
    )
    begun = GoodsBatchBegun(kind=Code(batch.kind), lines=len(lines), due_at=batch.due_at)
    record(begun, subject=batch, actor=actor)
    return batch


def _row(batch: GoodsBatch, place: int, line: Line) -> GoodsBatchLine:
    return GoodsBatchLine(
        batch=batch,
        position=place,
        product_id=line.product_id,
        sku_id=line.sku_id,
        old_fen=_fen(line.old_fen),
        new_fen=_fen(line.new_fen),
        old_compare_fen=_fen(line.old_compare_fen),
        new_compare_fen=_fen(line.new_compare_fen),
        old_on=line.old_on,
        new_on=line.new_on,
    )


def _fen(value: int | None) -> Fen | None:
    return None if value is None else Fen(value)


def cancel_batch(batch_id: UUID, *, actor: Actor) -> GoodsBatch:
    """Take back a planned change before its moment. Raises NotFound or BatchBegun."""
    batch = find_batch(batch_id)
    ended = {"finished_at": clock.now(), "undone_by": actor.id}
    if not claim(GOODS_BATCH, "waiting", "cancelled", GoodsBatch, [batch_id], **ended):
        raise BatchBegun()
    batch.refresh_from_db()
    record(GoodsBatchCancelled(kind=Code(batch.kind)), subject=batch, actor=actor)
    return batch


def undo_batch(batch_id: UUID, *, actor: Actor) -> GoodsBatch:
    """Have put back what nobody has changed since; the sweep does it. Raises NotFound or BatchNotDone."""
    batch = find_batch(batch_id)
    begun = {"undone_by": actor.id, "due_at": clock.now()}
    if not claim(GOODS_BATCH, "done", "undoing", GoodsBatch, [batch_id], **begun):
        raise BatchNotDone()
    batch.refresh_from_db()
    return batch


def find_batch(batch_id: UUID) -> GoodsBatch:
    """Raises NotFound."""
    batch = GoodsBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound()
    return batch
