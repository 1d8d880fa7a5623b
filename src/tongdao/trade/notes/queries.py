"""Reading notes: all of one order's, and what the lists show of many. In a merchant_scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.notes.models import OrderMark, OrderNote

MARKS = """
select m.order_id, m.flag, n.text from order_mark m
left join order_note n on n.merchant_id = m.merchant_id and n.id = m.pinned_id
where m.merchant_id = %s and m.order_id = any(%s)
"""
TEXT = OrderNote._meta.get_field("text")


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note; `staff_id` is who wrote it."""

    note_id: UUID
    text: str
    staff_id: UUID
    at: datetime
    pinned: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What a list shows: a colour or nothing, the text of the pinned note or nothing."""

    flag: str
    pinned: str


def notes_of(order_id: UUID) -> list[NoteView]:
    """The newest first, the pinned one before all."""
    pinned = OrderMark.objects.filter(order_id=order_id).values_list("pinned_id", flat=True).first()
    rows = OrderNote.objects.filter(order_id=order_id).order_by("-at", "-id")
    views = [NoteView(row.id, row.text, row.staff_id, row.at, row.id == pinned) for row in rows]
    return sorted(views, key=lambda view: not view.pinned)


def flag_of(order_id: UUID) -> str:
    """The order's flag, or nothing."""
    return OrderMark.objects.filter(order_id=order_id).values_list("flag", flat=True).first() or ""


def marks_of(order_ids: Sequence[UUID]) -> dict[UUID, Mark]:
    """By order; those without a flag and a pinned note are left out."""
    return read(ask_marks(order_ids))


def ask_marks(order_ids: Sequence[UUID]) -> Asking[dict[UUID, Mark]]:
    """The same, asked side by side with what else a page needs."""
    rows = yield from ask(MARKS, [current_merchant(), list(order_ids)])
    return {
        order_id: Mark(flag, TEXT.open(pinned) if pinned is not None else "")
        for order_id, flag, pinned in rows
        if flag or pinned is not None
    }
