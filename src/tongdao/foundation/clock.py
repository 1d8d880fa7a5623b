"""The one clock. Timers are tested by moving it, never by waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")  # all of China has one time zone: days of laws, books and papers
_shift: ContextVar[timedelta] = ContextVar("tongdao_clock_shift", default=timedelta())


def now() -> datetime:
    """The current moment, aware, in UTC, moved by `shifted` where that is open."""
    return datetime.now(UTC) + _shift.get()


def beijing_day(at: datetime) -> date:
    """The day that it is in Beijing at an aware moment."""
    return at.astimezone(BEIJING).date()


def today() -> date:
    """The day that it is in Beijing now."""
    return beijing_day(now())


def day_begins(day: date) -> datetime:
    """Midnight in Beijing at which the day begins. The day ends when the next one begins."""
    return datetime.combine(day, time.min, BEIJING)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock of this thread by `by` for the length of the block."""
    reset = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(reset)
