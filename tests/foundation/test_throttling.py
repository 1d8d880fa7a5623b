"""Buckets over several connections: none gives more than it holds, none stays empty."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.models import Throttle
from tongdao.foundation.throttling import (
    CountedInTransaction,
    Limit,
    TooManyTries,
    give_back,
    sweep_throttles,
    take,
)

MINUTE = timedelta(minutes=1)


def a_limit(burst: int = 3, every: timedelta = MINUTE) -> Limit:
    return Limit(f"test {token(12)}", burst, every)


def tries(limit: Limit, subject: str = "one", most: int = 50) -> int:
    """How many in a row are let through."""
    for count in range(most):
        try:
            take(limit, subject)
        except TooManyTries:
            return count
    return most


def test_a_burst_then_one_after_each_interval() -> None:
    limit = a_limit()
    assert tries(limit) == 3
    with clock.shifted(MINUTE):
        assert tries(limit) == 1
    with clock.shifted(3 * MINUTE):
        assert tries(limit) == 2
    with clock.shifted(timedelta(days=1)):
        assert tries(limit) == 3


def test_a_refusal_says_when_and_does_not_count() -> None:
    limit = a_limit(every=timedelta(seconds=90))
    tries(limit)
    for _ in range(5):
        with pytest.raises(TooManyTries) as refused:
            take(limit, "one")
        assert refused.value.status == 429 and refused.value.code == "too_many_tries"
        assert 85 <= refused.value.details["retry_after"] <= 90 and refused.value.details["minutes"] == 2
    with clock.shifted(timedelta(seconds=90)):
        assert tries(limit) == 1


def test_subjects_and_limits_have_buckets_of_their_own() -> None:
    one, two = a_limit(), a_limit()
    assert tries(one) == tries(one, "another") == tries(two) == 3


def test_what_is_given_back_does_not_count_and_a_bucket_never_holds_more_than_its_burst() -> None:
    limit = a_limit()
    take(limit, "one")
    give_back(limit, "one")
    give_back(limit, "one")
    assert tries(limit) == 3


def test_a_try_inside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(CountedInTransaction), transaction.atomic():
        take(a_limit(), "one")


def test_nobody_is_named_in_the_table() -> None:
    limit, subject = a_limit(), f"139{token(8)}"
    take(limit, subject)
    keys = list(Throttle.objects.values_list("key", flat=True))
    assert keys and all(len(key) == 32 and subject.encode() not in bytes(key) for key in keys)


def test_full_buckets_are_swept_and_others_stay() -> None:
    slow, quick = a_limit(every=timedelta(days=30)), a_limit()
    take(slow, "one")
    take(quick, "one")
    before = Throttle.objects.count()
    while sweep_throttles(clock.now() + timedelta(days=1)):
        pass
    assert Throttle.objects.count() < before
    with clock.shifted(timedelta(days=1)):
        assert tries(slow) == 2


def at_once(act: Callable[[], bool], times: int = 24) -> int:
    """How many of so many tries on connections of their own are let through."""

    def one(_: int) -> bool:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, range(times)))


def test_a_limit_holds_over_many_connections() -> None:
    limit = a_limit(5, timedelta(hours=1))

    def act() -> bool:
        try:
            take(limit, "one")
        except TooManyTries:
            return False
        return True

    assert at_once(act) == 5


def test_counting_first_and_writing_later_would_not_hold() -> None:
    """The negative control: the same race through a read and a write of their own lets more through."""
    key = b"control" + token(25).encode()
    Throttle.objects.create(key=key, full_at=clock.now())
    start = clock.now()

    def act() -> bool:
        held = Throttle.objects.get(key=key).full_at
        if held - start >= 5 * MINUTE:
            return False
        time.sleep(0.02)  # the time in which another one reads the same
        Throttle.objects.filter(key=key).update(full_at=held + MINUTE)
        return True

    assert at_once(act) > 5
