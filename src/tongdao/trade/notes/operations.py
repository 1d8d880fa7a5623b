"""Writing notes, pinning one, putting a flag on an order. All of it in a merchant_scope."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.trade.notes.events import OrderFlagged, OrderNoted, OrderNotePinned
from tongdao.trade.notes.models import Flag, OrderMark, OrderNote
from tongdao.trade.notes.refusals import EmptyNote, UnknownFlag
from tongdao.trade.orders.models import Order

LONGEST = 1_000  # characters


def add_note(order_id: UUID, text: str, *, pin: bool = False, actor: Actor) -> OrderNote:
    """Write it down, and pin it if asked. Raises EmptyNote, NotFound, NotAllowed for who is no staff."""
    text = text.replace("\x00", "").strip()
    if not 0 < len(text) <= LONGEST:
        raise EmptyNote(most=LONGEST)
    if actor.kind != "staff" or actor.id is None:
        raise NotAllowed()
    order = _lock(order_id)
    note = OrderNote.objects.create(order=order, text=text, staff_id=actor.id, at=clock.now())
    record(OrderNoted(order.id, note.id), subject=order, actor=actor)
    if pin:
        _pin(order, note, actor)
    return note


def pin_note(order_id: UUID, note_id: UUID | None, *, actor: Actor) -> None:
    """Show this one in the lists, instead of any other; None takes the pin away. Raises NotFound."""
    order = _lock(order_id)
    note = OrderNote.objects.filter(id=note_id, order=order).first() if note_id else None
    if note_id is not None and note is None:
        raise NotFound()
    _pin(order, note, actor)


def flag_order(order_id: UUID, flag: str, *, actor: Actor) -> None:
    """Put a flag on the order, or take it away with an empty one. Raises UnknownFlag, NotFound."""
    if flag not in Flag.values:
        raise UnknownFlag()
    order = _lock(order_id)
    mark = _mark(order)
    if mark.flag == flag:
        return
    before, mark.flag = mark.flag, flag
    mark.save(update_fields=["flag"])
    was, now = code(before or "none"), code(flag or "none")
    record(OrderFlagged(order.id, now), subject=order, actor=actor, old={"flag": was}, new={"flag": now})


def _pin(order: Order, note: OrderNote | None, actor: Actor) -> None:
    mark = _mark(order)
    if mark.pinned_id == (note.id if note else None):
        return
    mark.pinned = note
    mark.save(update_fields=["pinned"])
    record(OrderNotePinned(order.id, note.id if note else None), subject=order, actor=actor)


def _lock(order_id: UUID) -> Order:
    """The order under its lock: its mark is made once."""
    if not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    return Order.objects.get(id=order_id)


def _mark(order: Order) -> OrderMark:
    return OrderMark.objects.filter(order=order).first() or OrderMark.objects.create(order=order)
