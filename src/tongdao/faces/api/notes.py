"""What staff write down about an order, and its flag. No buyer sees any of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotFound
from tongdao.trade.notes.operations import LONGEST, add_note, flag_order, pin_note
from tongdao.trade.notes.queries import flag_of, notes_of
from tongdao.trade.orders.models import Order

router = Router(tags=["desk"])
ORDER = "/merchants/{merchant_id}/orders/{order_id}"


class NoteOut(Schema):
    note_id: UUID
    text: str
    staff_id: UUID
    at: datetime
    pinned: bool


class NotesOut(Schema):
    """The pinned note first, then the newest."""

    flag: Literal["", "red", "amber", "green", "blue"]
    notes: list[NoteOut]


class NoteIn(Input):
    text: Text = Field(min_length=1, max_length=LONGEST)
    pin: bool = Field(False, description="Lists show it, instead of the one that was pinned before")


class PinIn(Input):
    note_id: UUID | None = Field(None, description="Without it no note is pinned any more")


class FlagIn(Input):
    flag: Literal["", "red", "amber", "green", "blue"]


@operation(router, "GET", f"{ORDER}/notes", need="orders.read", answer=NotesOut)
def list_order_notes(request: Call, merchant_id: UUID, order_id: UUID) -> NotesOut:
    """All notes of an order, and its flag."""
    if not Order.objects.filter(pk=order_id).exists():
        raise NotFound()
    return _notes(order_id)


@operation(router, "POST", f"{ORDER}/notes", need="orders.serve", answer=NotesOut, status=201)
def write_order_note(request: Call, merchant_id: UUID, order_id: UUID, body: NoteIn) -> NotesOut:
    """Write a note. It cannot be changed later."""
    add_note(order_id, body.text, pin=body.pin, actor=as_staff(request))
    return _notes(order_id)


@operation(router, "PUT", f"{ORDER}/pin", need="orders.serve", answer=NotesOut)
def pin_order_note(request: Call, merchant_id: UUID, order_id: UUID, body: PinIn) -> NotesOut:
    """Pin one note, or none."""
    pin_note(order_id, body.note_id, actor=as_staff(request))
    return _notes(order_id)


@operation(router, "PUT", f"{ORDER}/flag", need="orders.serve", answer=NotesOut)
def put_order_flag(request: Call, merchant_id: UUID, order_id: UUID, body: FlagIn) -> NotesOut:
    """Put a flag on the order, or take it away."""
    flag_order(order_id, body.flag, actor=as_staff(request))
    return _notes(order_id)


def _notes(order_id: UUID) -> NotesOut:
    notes = [NoteOut.model_validate(note) for note in notes_of(order_id)]
    return NotesOut.model_validate({"flag": flag_of(order_id), "notes": notes})
