"""Sweeps: mass timers as set-based looks at an index of deadlines, worked off one short transaction a row."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connections

from tongdao.foundation.events.reading import connection_lost

log = logging.getLogger(__name__)


def due_rows(statement: str, now: date, limit: int) -> list[tuple[Any, ...]]:
    """Rows of all merchants that are due, seen by the platform role. Its parameters are `now` and `limit`.

    `now` is a moment, or the day in Beijing of what is due by days.

    Where somebody outside is asked, or where a row may fail again and again, the statement lets the merchants
    take turns: else one with a dead gateway and more rows than `limit` keeps all the others waiting.
    """
    with connections["platform"].cursor() as cursor:
        cursor.execute(statement, [now, limit])
        return list(cursor.fetchall())


class Unreachable(Exception):
    """Somebody outside does not answer for this merchant: its other rows wait for the next sweep."""


def work_off(rows: list[tuple[Any, ...]], act: Callable[..., object], what: str) -> int:
    """Call `act(*row)` for each; one that fails is logged and holds up nobody. Returns how many went well.

    A row begins with its merchant. After Unreachable the merchant's further rows are left for the next sweep,
    so that a dead gateway costs one time-out, not one for each row.
    """
    done = 0
    given_up = set()
    for row in rows:
        if row[0] in given_up:
            continue
        try:
            act(*row)
        except Unreachable as error:
            given_up.add(row[0])
            log.warning("%s waits for merchant %s: %s", what, row[0], error)
        except Exception as error:
            if connection_lost(error):
                raise
            log.exception("%s failed for %s", what, row)
        else:
            done += 1
    return done
