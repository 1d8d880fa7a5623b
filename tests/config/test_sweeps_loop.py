"""The worker's sweeps outlive what one of them raises: else no refund would go out any more."""

from __future__ import annotations

import logging
from datetime import datetime
from threading import Event

import pytest

from tongdao.config.worker import _sweep


def test_a_sweep_that_fails_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    stop, seen = Event(), []

    def broken(now: datetime) -> int:
        raise ZeroDivisionError

    def sound(now: datetime) -> int:
        seen.append(now)
        if len(seen) == 2:
            stop.set()
        return 1

    with caplog.at_level(logging.ERROR, logger="tongdao.config.worker"):
        _sweep((broken, sound), stop)
    assert len(seen) == 2
    assert caplog.records[0].getMessage() == "the sweep broken failed"
