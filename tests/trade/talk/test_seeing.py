"""What a side has read, what needs no answer, and what lists and counts say of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trade.talk.support import Table, make_table
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.reading import read
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.models import Side
from tongdao.trade.talk.operations import mark_seen, settle_talk
from tongdao.trade.talk.queries import (
    ask_waiting,
    promoters_to_write_to,
    talks,
    unread_of_buyer,
    unread_of_order,
    unread_of_promoter,
)


@pytest.fixture
def table() -> Table:
    return make_table()


def seen(table: Table, side: Side, upto: int, *, promoter: bool = False) -> None:
    talk_id = table.talk(promoter=promoter).id
    with merchant_scope(table.shop.merchant_id):
        mark_seen(talk_id, side, upto)


def test_marks_go_forward_only_and_count_what_others_said(table: Table) -> None:
    table.ask("一")
    table.answer("二")
    table.ask("三")
    seen(table, Side.STAFF, 2)
    talk = table.talk()
    assert (talk.staff_seen, talk.staff_unread, talk.buyer_unread) == (2, 1, 1)
    seen(table, Side.STAFF, 1)
    seen(table, Side.BUYER, 99)
    talk = table.talk()
    assert (talk.staff_seen, talk.buyer_seen, talk.buyer_unread) == (2, 3, 0)


def test_marks_of_nobodys_conversation_are_no_error(table: Table) -> None:
    table.ask()
    talk_id = table.talk().id
    with merchant_scope(make_table().shop.merchant_id):
        mark_seen(talk_id, Side.STAFF, 1)
    assert table.talk().staff_unread == 1


def test_thanks_need_no_answer(table: Table) -> None:
    first = table.ask("谢谢")
    with merchant_scope(table.shop.merchant_id):
        assert settle_talk(table.order_id, 1, actor=table.clerk)
        assert not settle_talk(table.order_id, 1, actor=table.clerk)
        event = Event.objects.get(name="talk.settled")
    assert event.payload["waited_since"] == first.at.isoformat()
    assert table.talk().buyer_waits_since is None
    with merchant_scope(table.shop.merchant_id), pytest.raises(NotAllowed):
        settle_talk(table.order_id, 1, actor=table.buyer)
    with merchant_scope(make_table().shop.merchant_id), pytest.raises(NotFound):
        settle_talk(table.order_id, 1, actor=Actor("staff", uuid7()))


def test_the_longest_waiting_is_first_and_the_count_is_of_the_shops_own(table: Table) -> None:
    later = make_table(table.shop)
    later.ask()
    with clock.shifted(timedelta(hours=-1)):
        table.ask()
        table.ask(promoter=True)
    with merchant_scope(table.shop.merchant_id):
        waiting = talks(waiting=True).order_by("buyer_waits_since", "id")
        assert [row.order_id for row in waiting] == [table.order_id, later.order_id]
        assert talks().count() == 3
        assert read(ask_waiting()) == 2
    later.answer()
    with merchant_scope(table.shop.merchant_id):
        assert read(ask_waiting()) == 1


def test_unread_is_counted_by_order_for_the_one_who_reads(table: Table) -> None:
    table.ask()
    table.answer()
    table.answer()
    table.ask(promoter=True)
    table.recommend()
    ids = [table.earner.promoter_id]
    with merchant_scope(table.shop.merchant_id):
        assert table.buyer.id and unread_of_buyer(table.buyer.id) == {table.order_id: 3}
        assert unread_of_buyer(table.buyer.id, [uuid7()]) == {} == unread_of_buyer(uuid7())
        assert unread_of_order(table.order_id) == 3
        assert unread_of_promoter(ids, [table.order_id]) == {table.order_id: 1}
        assert unread_of_promoter([uuid7()]) == {}
        [whom] = promoters_to_write_to(table.order_id)
    assert (whom.shown_name, whom.begun, whom.unread) == ("小禾", True, 1)
