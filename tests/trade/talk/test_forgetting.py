"""Erasing somebody takes the words and the files; that something was said stays."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from tests.trade.reviews.support import a_photo
from tests.trade.talk.support import Table, make_table
from tongdao.compliance.retention.operations.lapsing import lapse
from tongdao.foundation import clock
from tongdao.foundation.attachments import path_of
from tongdao.foundation.ids import token
from tongdao.foundation.personal import HOLDINGS
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.models import Message, MessageFile
from tongdao.trade.talk.operations import Said, send_as_buyer
from tongdao.trade.talk.personal import forget_messages, messages_about
from tongdao.trade.talk.posting import post


@pytest.fixture
def table() -> Table:
    return make_table()


def send_photo(table: Table, text: str = "", key: str = "") -> Message:
    said = text, key or token(16)
    return post(
        table.shop.merchant_id,
        lambda kept: send_as_buyer(table.order_id, Said(*said, kept), actor=table.buyer),
        [io.BytesIO(a_photo())],
        actor=table.buyer,
    )


def forget(table: Table, person_id: object) -> None:
    with merchant_scope(table.shop.merchant_id):
        for name in ("message", "message_file"):
            HOLDINGS[name].forget(person_id)  # type: ignore[arg-type]


def test_the_buyers_conversations_lose_their_words_and_files(table: Table) -> None:
    other = make_table(table.shop)
    other.ask("别人的")
    send_photo(table, "我叫林小满")
    table.answer("林小满您好")
    table.ask("是我", promoter=True)
    table.recommend("好")
    with merchant_scope(table.shop.merchant_id):
        [file] = MessageFile.objects.all()
        assert table.buyer.id and messages_about(table.buyer.id).count() == 4
    assert path_of(file.file).exists()
    forget(table, table.buyer.id)
    assert not path_of(file.file).exists()
    views = [table.for_buyer(), table.for_staff(promoter=True)]
    assert {(message.text, message.forgotten) for view in views for message in view.messages} == {("", True)}
    assert all(message.files == () for view in views for message in view.messages)
    assert other.for_buyer().messages[0].text == "别人的"
    forget(table, table.buyer.id)  # again is no error


def test_a_promoters_own_words_go_with_the_promoter(table: Table) -> None:
    table.ask("好喝吗", promoter=True)
    table.recommend("我是小禾，好喝")
    forget(table, table.earner.person.pk)
    assert [message.text for message in table.for_buyer(promoter=True).messages] == ["好喝吗", ""]


def test_what_no_law_keeps_any_more_goes_by_itself(table: Table) -> None:
    send_photo(table, "旧")
    going_on = make_table(table.shop)
    going_on.ask("还在")
    table.earner.receive(table.order_id)
    bound = clock.now() + timedelta(minutes=1)
    assert lapse(table.shop.merchant_id, bound - timedelta(days=1), forget_messages) == 0
    assert lapse(table.shop.merchant_id, bound, forget_messages) == 1
    assert lapse(table.shop.merchant_id, bound, forget_messages) == 0
    with merchant_scope(table.shop.merchant_id):
        assert MessageFile.objects.get().file == ""
    assert table.for_buyer().messages[0].forgotten
    assert going_on.for_buyer().messages[0].text == "还在"


def test_a_double_tap_with_a_file_keeps_one_file(table: Table) -> None:
    first, again = (send_photo(table, "看", key="k" * 16) for _ in range(2))
    assert first.id == again.id and table.talk().last_seq == 1
    with merchant_scope(table.shop.merchant_id):
        [row] = MessageFile.objects.all()
    folder = path_of(row.file).parent
    assert [path.name for path in folder.iterdir() if path.is_file()] == [path_of(row.file).name]
