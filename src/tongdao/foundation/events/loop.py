"""What a worker runs: readers and deliveries, polled, until it is told to stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event as Signal

from django.db import InterfaceError, OperationalError, connection, connections

from tongdao.foundation.events.intents import deliver
from tongdao.foundation.events.reading import run_reader
from tongdao.foundation.events.work import list_due, list_work

log = logging.getLogger(__name__)

IDLE = 0.2  # seconds between two polls that found nothing
SHARE = 4  # a poll that takes long is followed by a pause of at least so many times its length
DAY = 86_400
MONTHS_AHEAD = 24


def ensure_partitions(months_ahead: int = MONTHS_AHEAD) -> int:
    """Make the missing partitions of this month and the next ones; returns how many were made."""
    with connection.cursor() as cursor:
        cursor.execute("select event_partitions_ensure(%s)", [months_ahead])
        return int(cursor.fetchone()[0])


def run_pending(limit: int = 1000) -> int:
    """Give each reader that has work one turn for each merchant; returns how many events were handled."""
    return sum(run_reader(work.reader, work.merchant_id, limit=limit) for work in list_work())


def deliver_pending() -> int:
    """Deliver due intents, a few for each merchant; returns how many were tried."""
    return sum(deliver(merchant_id) for merchant_id in list_due())


def readers_loop(stop: Signal, *, idle: float = IDLE, limit: int = 1000) -> None:
    """Run all readers until `stop` is set. Outlives a lost database."""
    keep_partitions = _daily(ensure_partitions)

    def turn() -> int:
        keep_partitions()
        return run_pending(limit)

    _poll(stop, turn, idle)


def deliveries_loop(stop: Signal, *, idle: float = IDLE) -> None:
    """Deliver intents until `stop` is set; a loop of its own, since deliveries wait for others."""
    _poll(stop, deliver_pending, idle)


def _poll(stop: Signal, turn: Callable[[], int], idle: float) -> None:
    while not stop.is_set():
        began = time.monotonic()
        try:
            busy = turn() > 0
        except (OperationalError, InterfaceError) as error:
            log.warning("the database is away: %s", type(error).__name__)
            connections.close_all()
            busy = False
        except Exception:  # a dead thread would be missed by nobody until the backlog is
            log.exception("a turn of the loop failed")
            busy = False
        if not busy:
            stop.wait(max(idle, SHARE * (time.monotonic() - began)))
    connections.close_all()


def _daily(task: Callable[[], object]) -> Callable[[], None]:
    due = [0.0]

    def run() -> None:
        if time.monotonic() >= due[0]:
            due[0] = time.monotonic() + DAY
            task()

    return run
