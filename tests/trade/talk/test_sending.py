"""Saying something: who may, what it does to who waits and who has read, and what nobody may do to it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from tests.trade.talk.support import Table, make_table, said
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Event
from tongdao.foundation.idempotency import BadRequestKey
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.throttling import TooManyTries
from tongdao.rulebook import trade
from tongdao.trade.talk.limits import PERSON
from tongdao.trade.talk.models import MOST_LETTERS, Message, Side, Talk
from tongdao.trade.talk.operations import Said, send_as_buyer, send_as_promoter, send_as_staff
from tongdao.trade.talk.posting import post
from tongdao.trade.talk.queries import talk_for_buyer, talk_for_promoter, talk_for_staff
from tongdao.trade.talk.refusals import (
    MessageChanged,
    MessageEmpty,
    MessageTooLong,
    TalkClosed,
    TalkNotBegun,
)


@pytest.fixture
def table() -> Table:
    return make_table()


def texts(table: Table) -> list[tuple[str, str]]:
    return [(message.side, message.text) for message in table.for_buyer().messages]


def test_what_is_said_stands_in_its_order_and_each_reads_it(table: Table) -> None:
    table.ask(" 还有货吗？\r\n急用 ")
    table.answer("有的。")
    table.ask("谢谢")
    said_so = [("buyer", "还有货吗？\n急用"), ("staff", "有的。"), ("buyer", "谢谢")]
    assert texts(table) == said_so
    staff = table.for_staff()
    assert [(message.side, message.text) for message in staff.messages] == said_so
    assert [message.seq for message in staff.messages] == [1, 2, 3]


def test_who_waits_and_who_has_not_read_is_counted(table: Table) -> None:
    first = table.ask()
    table.ask("在吗？")
    talk = table.talk()
    assert talk.buyer_waits_since == first.at, "since the first of them that nobody answered"
    assert (talk.buyer_unread, talk.staff_unread, talk.promoter_unread) == (0, 2, 0)
    table.answer()
    talk = table.talk()
    assert talk.buyer_waits_since is None
    assert (talk.buyer_unread, talk.staff_unread) == (1, 2)
    again = table.ask("那我买")
    assert table.talk().buyer_waits_since == again.at


def test_the_event_tells_how_long_the_buyer_waited_and_no_word(table: Table) -> None:
    first = table.ask("我叫林小满")
    table.answer("您好林小满")
    with merchant_scope(table.shop.merchant_id):
        asked, answered = Event.objects.filter(name="message.sent").order_by("seq")
    assert asked.payload["answers_since"] is None and asked.payload["side"] == "buyer"
    assert answered.payload["answers_since"] == first.at.isoformat()
    assert answered.payload["message_id"] and answered.payload["order_id"] == str(table.order_id)
    assert "林小满" not in str([asked.payload, answered.payload])


def test_the_table_does_not_show_what_is_said(table: Table) -> None:
    table.ask("我叫林小满")
    with merchant_scope(table.shop.merchant_id), connection.cursor() as cursor:
        cursor.execute("select encode(text, 'escape') from message")
        assert "林小满" not in str(cursor.fetchall())


def test_the_same_key_says_it_once(table: Table) -> None:
    key = "k" * 16
    first, again = table.ask("要两盒", key=key), table.ask("要两盒", key=key)
    assert first.id == again.id and table.talk().last_seq == 1
    with pytest.raises(MessageChanged):
        table.ask("要三盒", key=key)
    assert table.answer("好", key=key).seq == 2, "another side's key is its own"


@pytest.mark.parametrize(
    ("text", "key", "refusal"),
    [
        ("", "k" * 16, MessageEmpty),
        (" \n ", "k" * 16, MessageEmpty),
        ("x" * (MOST_LETTERS + 1), "k" * 16, MessageTooLong),
        ("x", "short", BadRequestKey),
        ("x", "", BadRequestKey),
    ],
)
def test_what_cannot_be_sent(table: Table, text: str, key: str, refusal: type[Exception]) -> None:
    with merchant_scope(table.shop.merchant_id), pytest.raises(refusal):
        send_as_buyer(table.order_id, Said(text, key), actor=table.buyer)


def test_only_who_belongs_to_the_order_speaks_and_reads(table: Table) -> None:
    """Another buyer, another shop's people, the promoter of another line, staff as buyers."""
    other = make_table()
    stranger, elsewhere = Actor("person", uuid7()), make_table(table.shop)
    table.ask(promoter=True)
    with merchant_scope(table.shop.merchant_id):
        for who in (stranger, other.buyer, elsewhere.buyer, elsewhere.promoter, table.promoter, table.clerk):
            with pytest.raises(NotFound):
                send_as_buyer(table.order_id, said("x"), actor=who)
            with pytest.raises(NotFound):
                talk_for_buyer(table.order_id, actor=who)
        for who in (stranger, other.promoter, elsewhere.promoter, table.buyer, table.clerk):
            with pytest.raises(NotFound):
                send_as_promoter(table.order_id, said("x"), actor=who)
            with pytest.raises(NotFound):
                talk_for_promoter(table.order_id, actor=who)
        for who in (stranger, table.buyer, SYSTEM):
            with pytest.raises(NotAllowed):
                send_as_staff(table.order_id, said("x"), actor=who)
            with pytest.raises(NotAllowed):
                talk_for_staff(table.order_id, actor=who)
        for promoter_id in (other.earner.promoter_id, elsewhere.earner.promoter_id):
            with pytest.raises(NotFound):
                send_as_buyer(table.order_id, said("x"), promoter_id=promoter_id, actor=table.buyer)
    with merchant_scope(other.shop.merchant_id):
        for act in (
            lambda: send_as_buyer(table.order_id, said("x"), actor=table.buyer),
            lambda: send_as_staff(table.order_id, said("x"), actor=other.clerk),
            lambda: talk_for_staff(table.order_id, actor=other.clerk),
        ):
            with pytest.raises(NotFound):
                act()
        assert not Talk.objects.exists()
    assert table.talk(promoter=True).last_seq == 1


def test_a_promoter_is_written_to_first_and_never_sees_the_other_conversation(table: Table) -> None:
    with pytest.raises(TalkNotBegun):
        table.recommend()
    with pytest.raises(TalkNotBegun):
        table.answer(promoter=True)
    table.ask("给店家的话")
    assert table.for_promoter().talk_id is None
    first = table.ask("好喝吗？", promoter=True)
    assert table.talk(promoter=True).buyer_waits_since == first.at
    table.recommend()
    table.answer("店家也在", promoter=True)
    view = table.for_promoter()
    assert [message.side for message in view.messages] == ["buyer", "promoter", "staff"]
    assert "给店家的话" not in str(view)
    assert len(table.for_buyer().messages) == 1
    talk = table.talk(promoter=True)
    assert (talk.buyer_unread, talk.staff_unread, talk.promoter_unread) == (2, 2, 2)
    assert talk.buyer_waits_since is None


def test_it_ends_some_time_after_the_order(table: Table) -> None:
    key = "k" * 16
    table.ask("到了", key=key)
    table.earner.receive(table.order_id)
    long = trade.TALK_AFTER_END.on(clock.now())
    with clock.shifted(long - timedelta(hours=1)):
        table.answer()
    with clock.shifted(long + timedelta(hours=1)):
        for act in (table.ask, table.answer):
            with pytest.raises(TalkClosed):
                act()
        assert table.ask("到了", key=key).seq == 1, "what was sent before stays sent"
        assert len(table.for_buyer().messages) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "update message set author_id = id where id = %s",
        "update message set at = now() where id = %s",
        "update message set text = text where id = %s",
        "delete from message where id = %s",
        "delete from talk where id in (select talk_id from message where id = %s)",
    ],
)
def test_nothing_changes_what_was_said(table: Table, statement: str) -> None:
    sent = table.ask()
    with (
        pytest.raises(DatabaseError),
        merchant_scope(table.shop.merchant_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [sent.id])
    with merchant_scope(table.shop.merchant_id):
        assert Message.objects.get().text == "还有货吗？"


def test_nobody_writes_faster_than_people_do(table: Table) -> None:
    def send(place: int) -> UUID:
        actor = table.buyer
        return post(
            table.shop.merchant_id,
            lambda kept: send_as_buyer(table.order_id, said(str(place)), actor=actor),
            (),
            actor=actor,
        ).id

    for place in range(PERSON.burst):
        send(place)
    with pytest.raises(TooManyTries):
        send(99)
    assert table.talk().last_seq == PERSON.burst
    with clock.shifted(PERSON.every + timedelta(seconds=1)):
        send(100)


def test_long_conversations_are_read_in_pages(table: Table) -> None:
    for place in range(55):
        table.ask(str(place))
    view = table.for_buyer()
    assert [message.text for message in view.messages] == [str(place) for place in range(5, 55)]
    with merchant_scope(table.shop.merchant_id):
        rest = talk_for_buyer(table.order_id, before=view.earlier, actor=table.buyer)
    assert [message.seq for message in rest.messages] == [1, 2, 3, 4, 5] and rest.earlier is None


def test_sides_are_those_of_the_events() -> None:
    assert {side.value for side in Side} == {"buyer", "staff", "promoter"}
