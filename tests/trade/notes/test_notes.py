"""Notes: written by staff, never changed, one of them pinned; what they say stays out of the log."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from tests.trade.shipping.support import STAFF, PaidOrder, Shop
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.trade.notes.models import OrderMark, OrderNote
from tongdao.trade.notes.operations import add_note, flag_order, pin_note
from tongdao.trade.notes.queries import flag_of, marks_of, notes_of
from tongdao.trade.notes.refusals import EmptyNote, UnknownFlag


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def order(shop: Shop) -> PaidOrder:
    return shop.paid_order(1)


def test_notes_stand_with_author_and_time_and_one_is_pinned(shop: Shop, order: PaidOrder) -> None:
    with shop.scope():
        first = add_note(order.id, " 送人，附贺卡 ", pin=True, actor=STAFF)
        second = add_note(order.id, "已电话确认", actor=STAFF)
        assert [(note.text, note.pinned) for note in notes_of(order.id)] == [
            ("送人，附贺卡", True),
            ("已电话确认", False),
        ]
        assert {note.staff_id for note in notes_of(order.id)} == {STAFF.id}
        pin_note(order.id, second.id, actor=STAFF)
        assert marks_of([order.id])[order.id].pinned == "已电话确认"
        pin_note(order.id, None, actor=STAFF)
        assert marks_of([order.id]) == {}
        assert OrderMark.objects.filter(order_id=order.id).count() == 1
        assert first.id != second.id


def test_a_flag_comes_and_goes(shop: Shop, order: PaidOrder) -> None:
    with shop.scope():
        flag_order(order.id, "red", actor=STAFF)
        flag_order(order.id, "red", actor=STAFF)
        assert flag_of(order.id) == "red" and marks_of([order.id])[order.id].flag == "red"
        flag_order(order.id, "", actor=STAFF)
        assert flag_of(order.id) == ""
    assert shop.events(order.id).count("order.flagged") == 2


def test_nothing_changes_a_note(shop: Shop, order: PaidOrder) -> None:
    with shop.scope():
        note = add_note(order.id, "a", actor=STAFF)
    for statement in (
        "update order_note set staff_id = id where id = %s",
        "delete from order_note where id = %s",
    ):
        with pytest.raises(DatabaseError), shop.scope(), connection.cursor() as cursor:
            cursor.execute(statement, [note.id])


def test_the_log_and_the_table_do_not_tell_what_it_says(shop: Shop, order: PaidOrder) -> None:
    with shop.scope():
        note = add_note(order.id, "王小姐 13912345678", actor=STAFF)
        event = Event.objects.get(name="order.noted", subject_id=order.id)
        assert event.payload == {"order_id": str(order.id), "entry_id": str(note.id)}
        with connection.cursor() as cursor:
            cursor.execute("select text::text from order_note where id = %s", [note.id])
            assert "王小姐" not in str(cursor.fetchone())


@pytest.mark.parametrize("text", ["", "  ", "x" * 1_001])
def test_a_note_says_something(shop: Shop, order: PaidOrder, text: str) -> None:
    with shop.scope(), pytest.raises(EmptyNote):
        add_note(order.id, text, actor=STAFF)


def test_only_staff_and_only_ones_own_orders(shop: Shop, order: PaidOrder) -> None:
    other = Shop()
    with shop.scope():
        note = add_note(order.id, "a", actor=STAFF)
        with pytest.raises(NotAllowed):
            add_note(order.id, "a", actor=Actor("person", uuid7()))
        with pytest.raises(UnknownFlag):
            flag_order(order.id, "pink", actor=STAFF)
    with other.scope():
        for act in (
            lambda: add_note(order.id, "a", actor=STAFF),
            lambda: flag_order(order.id, "red", actor=STAFF),
            lambda: pin_note(order.id, note.id, actor=STAFF),
        ):
            with pytest.raises(NotFound):
                act()
        assert notes_of(order.id) == [] and not OrderNote.objects.exists()
    elsewhere = shop.paid_order(1)
    with shop.scope(), pytest.raises(NotFound):
        pin_note(elsewhere.id, note.id, actor=STAFF)
