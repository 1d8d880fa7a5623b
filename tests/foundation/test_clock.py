from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from tongdao.foundation import clock

pytestmark = pytest.mark.pure
YEAR = dt.timedelta(days=365)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == dt.timedelta()


def test_a_day_of_beijing_begins_at_sixteen_in_utc() -> None:
    last = dt.datetime(2026, 11, 22, 15, 59, 59, tzinfo=dt.UTC)
    first = last + dt.timedelta(seconds=1)
    assert clock.beijing_day(last) == dt.date(2026, 11, 22)
    assert clock.beijing_day(first) == dt.date(2026, 11, 23)
    assert clock.day_begins(dt.date(2026, 11, 23)) == first
    with clock.shifted(first - clock.now()):
        assert clock.today() == dt.date(2026, 11, 23)


def test_it_is_moved_for_the_length_of_a_block_and_blocks_add_up() -> None:
    before = clock.now()
    with clock.shifted(YEAR):
        assert clock.now() - before >= YEAR
        with clock.shifted(-2 * YEAR):
            assert clock.now() < before
        assert clock.now() - before >= YEAR
    assert clock.now() - before < YEAR


def test_an_exception_puts_it_back() -> None:
    with pytest.raises(ZeroDivisionError), clock.shifted(YEAR):
        raise ZeroDivisionError
    assert clock.now() - dt.datetime.now(dt.UTC) < YEAR


def test_other_threads_keep_their_time() -> None:
    with clock.shifted(YEAR), ThreadPoolExecutor(1) as pool:
        assert clock.now() - pool.submit(clock.now).result() > YEAR / 2
