"""Several at once, in drawn orders of their statements: said once, counted right, read as it was shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.interleaving.harness import Work, bursts, in_turns
from tests.interleaving.scratch import scratch_database
from tests.tenancy.catalogue import superuser
from tests.trade.talk.support import Table, make_table
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.models import Message, Side, Talk
from tongdao.trade.talk.operations import mark_seen, settle_talk

EXAMPLES = int(os.environ.get("TONGDAO_EXAMPLES", "10"))
SCHEDULES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 8)), max_size=12).map(
    lambda runs: list(bursts(runs))
)
Observer = psycopg.Connection[tuple[object, ...]]
relaxed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
search = settings(relaxed, max_examples=60, database=None, phases=[Phase.generate])
KEY = "k" * 16


@pytest.fixture(scope="module")
def observer(cluster: object) -> Iterator[Observer]:
    with superuser() as connection:
        yield connection


def fine(works: Sequence[Work], schedule: list[int], observer: Observer) -> None:
    for outcome in in_turns(works, schedule, observer).outcomes:
        assert outcome.ok, outcome.error


def sound(table: Table) -> Talk:
    """Numbers without a gap, and counts that a recount agrees with."""
    talk = table.talk()
    with merchant_scope(table.shop.merchant_id):
        messages = list(Message.objects.filter(talk=talk).order_by("seq"))
    assert [message.seq for message in messages] == list(range(1, talk.last_seq + 1))
    for side in (Side.BUYER, Side.STAFF):
        seen = getattr(talk, f"{side}_seen")
        unread = sum(message.side != side and message.seq > seen for message in messages)
        assert getattr(talk, f"{side}_unread") == unread, side
    waits = None
    for message in messages:
        waits = (waits or message.at) if message.side == Side.BUYER else None
    assert talk.buyer_waits_since == waits
    return talk


@relaxed
@given(schedule=SCHEDULES)
def test_a_double_tap_says_it_once(observer: Observer, schedule: list[int]) -> None:
    """It is the first message too: the conversation is opened once."""
    table = make_table()
    fine([lambda: table.ask(key=KEY)] * 3, schedule, observer)
    assert sound(table).last_seq == 1


@relaxed
@given(schedule=SCHEDULES)
def test_two_clerks_and_the_buyer_at_once_are_one_after_another(
    observer: Observer, schedule: list[int]
) -> None:
    table = make_table()
    table.ask()
    fine(
        [lambda: table.answer("甲"), lambda: table.answer("乙"), lambda: table.ask("再问")],
        schedule,
        observer,
    )
    assert sound(table).last_seq == 4


@relaxed
@given(schedule=SCHEDULES)
def test_what_comes_while_one_reads_stays_unread(observer: Observer, schedule: list[int]) -> None:
    table = make_table()
    table.ask()
    talk_id = table.talk().id

    def read() -> None:
        with merchant_scope(table.shop.merchant_id):
            mark_seen(talk_id, Side.STAFF, 1)

    fine([read, lambda: table.ask("还有"), read], schedule, observer)
    talk = sound(table)
    assert (talk.staff_seen, talk.staff_unread) == (1, 1)


@relaxed
@given(schedule=SCHEDULES)
def test_who_asks_again_meanwhile_goes_on_waiting(observer: Observer, schedule: list[int]) -> None:
    table = make_table()
    table.ask("谢谢")

    def settle() -> None:
        with merchant_scope(table.shop.merchant_id):
            settle_talk(table.order_id, 1, actor=table.clerk)

    asked: list[Message] = []
    fine([settle, lambda: asked.append(table.ask("还有一事"))], schedule, observer)
    assert table.talk().buyer_waits_since == asked[0].at


def naive_ask(table: Table) -> None:
    """Look, then write, without the order's lock."""
    with merchant_scope(table.shop.merchant_id):
        talk = Talk.objects.get(order_id=table.order_id)
        if Message.objects.filter(talk=talk, side=Side.BUYER, key=KEY).exists():
            return
        Message.objects.create(
            talk=talk,
            seq=talk.last_seq + 1,
            side=Side.BUYER,
            author_id=table.buyer.id,
            key=KEY,
            text="要两盒",
            at=clock.now(),
        )
        talk.last_seq += 1
        talk.save(update_fields=["last_seq"])


def naive_read(table: Table) -> None:
    """All is read, whatever was shown: one statement, whose count does not see what has just come."""
    with merchant_scope(table.shop.merchant_id):
        talk = Talk.objects.get(order_id=table.order_id)
        talk.staff_seen, talk.staff_unread = talk.last_seq, 0
        talk.save(update_fields=["staff_seen", "staff_unread"])


@pytest.mark.slow
def test_without_lock_and_constraint_a_double_tap_says_it_twice() -> None:
    """The control: the same search finds both faults in what looks right at first sight."""
    dropped = [f"alter table message drop constraint {name}" for name in ("message_once", "message_place")]
    with scratch_database(dropped):

        def doubled(schedule: list[int]) -> bool:
            table = make_table()
            table.answer()
            with superuser() as watching:
                in_turns([lambda: naive_ask(table)] * 2, schedule, watching)
            with merchant_scope(table.shop.merchant_id):
                return Message.objects.filter(key=KEY).count() == 2

        def overlooked(schedule: list[int]) -> bool:
            table = make_table()
            table.ask()
            with superuser() as watching:
                in_turns([lambda: naive_read(table), lambda: table.ask("还有")], schedule, watching)
            talk = table.talk()
            return talk.staff_unread == 0 and talk.staff_seen < talk.last_seq

        assert find(SCHEDULES, doubled, settings=search)
        assert find(SCHEDULES, overlooked, settings=search)
