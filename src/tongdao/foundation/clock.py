"""The one clock. Timers are tested by moving it, never by waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

_shift: ContextVar[timedelta] = ContextVar("tongdao_clock_shift", default=timedelta())


def now() -> datetime:
    """The current moment, aware, in UTC, moved by `shifted` where that is open."""
    return timezone.now() + _shift.get()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock of this thread by `by` for the length of the block."""
    reset = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(reset)
