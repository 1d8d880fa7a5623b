"""Payments that meet: told twice at once, paid twice, paid while closing. Batches on several connections."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample

from tests.interleaving import naive
from tests.interleaving.harness import Work, in_turns
from tests.interleaving.invariants import find_broken
from tests.interleaving.scratch import scratch_database
from tests.interleaving.test_histories import SCHEDULES
from tests.support.builders import a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tests.tenancy.catalogue import superuser
from tests.trade.payments.test_batches import Told
from tests.trade.payments.till import Till
from tongdao.finance.ledger.models import Posting
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import current_account
from tongdao.trade.payments.callbacks import take_notification
from tongdao.trade.payments.models import CallbackRecord, PaymentAttempt
from tongdao.trade.payments.operations import capture_many
from tongdao.trade.payments.operations.noticing import take_messages

EXAMPLES = int(os.environ.get("TONGDAO_EXAMPLES", "10"))
Observer = psycopg.Connection[tuple[object, ...]]
relaxed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
search = settings(relaxed, max_examples=60, database=None, phases=[Phase.generate])


@pytest.fixture(scope="module")
def observer(cluster: object) -> Iterator[Observer]:
    with superuser() as connection:
        yield connection


def batch(till: Till, *told: Told) -> Work:
    messages = [one.message(till, position) for position, one in enumerate(told)]
    return lambda: take_messages(till.shop.merchant_id, messages)


def check(till: Till, works: Sequence[Work], schedule: list[int], observer: Observer) -> list[object]:
    """The answers; raises when anything ended badly or does not add up."""
    course = in_turns(works, schedule, observer)
    assert [one.error for one in course.outcomes] == [None] * len(works), str(course)
    assert find_broken(till) == [], str(course)
    return [one.value for one in course.outcomes]


@relaxed
@given(schedule=SCHEDULES)
def test_one_message_in_three_batches_counts_once(observer: Observer, schedule: list[int]) -> None:
    till = Till(["placed", "placed"])
    first, second = Told("paid", 0, 0, 1), Told("paid", 1, 0, 2)
    works = [batch(till, first, second), batch(till, second, first), batch(till, first)]
    verdicts = [verdict for answer in check(till, works, schedule, observer) for verdict in answer]  # type: ignore[attr-defined]  # lists
    assert sorted(verdicts) == ["accepted"] * 2 + ["replayed"] * 3
    with merchant_scope(till.shop.merchant_id):
        assert CallbackRecord.objects.filter(verdict="accepted").count() == 2
        assert Posting.objects.filter(source__code="external.buyer").count() == 2


@relaxed
@given(schedule=SCHEDULES)
def test_paid_twice_and_closed_at_once_across_batches(observer: Observer, schedule: list[int]) -> None:
    till = Till(["placed", "placed"])
    works = [
        batch(till, Told("paid", 0, 0, 1), Told("paid", 1, 1, 2)),
        batch(till, Told("paid", 1, 0, 3), Told("paid", 0, 1, 4), Told("paid", 0, 0, 5)),
        till.expire(till.line[0]),
        till.expire(till.line[1]),
    ]
    check(till, works, schedule, observer)


def test_without_the_locks_two_batches_sell_one_purchase_twice(observer: Observer) -> None:
    """Control: the same settling, told to read without locking, is caught by the same invariants."""

    def bad(schedule: list[int]) -> bool:
        till = Till(["placed"])
        works = [naive.capture_unlocked(till, till.line[0]), naive.capture_unlocked(till, till.line[0])]
        in_turns(works, schedule, observer)
        return bool(find_broken(till))

    find(SCHEDULES, bad, settings=search)


def look_then_accept(till: Till, digest: bytes) -> Work:
    """As one would write it without the key: nobody has seen it, so it is new."""

    def work() -> bool:
        with merchant_scope(till.shop.merchant_id):
            if CallbackRecord.objects.filter(digest=digest, verdict="accepted").exists():
                return False
            CallbackRecord.objects.create(
                source="wechatpay", verdict="accepted", digest=digest, at=clock.now()
            )
            return True

    return work


def test_without_the_unique_key_a_message_is_new_twice(observer: Observer) -> None:
    """Control: looking first does not do it."""

    def bad(schedule: list[int]) -> bool:
        till = Till([])
        course = in_turns([look_then_accept(till, b"1" * 32)] * 2, schedule, observer)
        return [one.value for one in course.outcomes] == [True, True]

    with scratch_database(["drop index callback_record_once"]):
        find(SCHEDULES, bad, settings=search)
    with pytest.raises(NoSuchExample):
        find(SCHEDULES, bad, settings=settings(search, max_examples=10))


def at_once(count: int, work: Callable[[int], int]) -> list[int]:
    """Run in so many threads, each with a connection of its own if it needs one."""

    def run(number: int) -> int:
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


def test_two_batches_of_one_merchant_do_not_wait_for_each_other() -> None:
    """The accounts that every sale posts to have no balance row, so nobody queues for one."""
    till = Till(["paid", "placed", "placed"])  # accounts and day are there
    other = batch(till, Told("paid", 2, 0, 2))
    with merchant_scope(till.shop.merchant_id):
        assert capture_many([till.paid(1, 0)], actor=CHANNEL) == ["captured"]
        assert at_once(1, lambda _: len(other())) == [1], "it has committed, and we have not"  # type: ignore[arg-type]  # a list
    assert find_broken(till) == []


@pytest.mark.parametrize("count", [2, 4])
def test_a_webhook_that_fires_several_times_at_once(sandbox: PaySandbox, count: int) -> None:
    """Through the queue: the same message, and the channel's own repetitions with other nonces."""
    shop = make_shop((5_000,))
    sandbox.connect(shop)
    request = a_request(shop)
    trade_no = sandbox.open(shop, place_one(request, shop), request.person_id)
    with merchant_scope(shop.merchant_id):
        PaymentAttempt.objects.filter(trade_no=trade_no).update(check_at=clock.now() + timedelta(days=1))
    sandbox.away = True
    began = len(sandbox.received)
    sandbox.pay(trade_no)
    for _ in range(count - 1):
        sandbox.control("/flush")
    sandbox.away = False
    with merchant_scope(shop.merchant_id):
        token = current_account().callback_token
    messages = [told for told in sandbox.received[began:] if told[0] == token][:count]
    assert len({headers["Wechatpay-Nonce"] for _, headers, _ in messages}) == count
    assert at_once(count, lambda number: take_notification(*messages[0])) == [200] + [409] * (count - 1)
    assert at_once(count, lambda number: take_notification(*messages[number])) == [200] * (count - 1) + [409]
    with merchant_scope(shop.merchant_id):
        assert Posting.objects.filter(source__code="external.buyer").count() == 1
        assert PaymentAttempt.objects.get(trade_no=trade_no).version == 3  # created, open, captured
