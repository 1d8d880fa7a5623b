"""Sweeps: mass timers as set-based looks at an index of deadlines, worked off one short transaction a row."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connections

from tongdao.foundation.events.reading import connection_lost

log = logging.getLogger(__name__)


def due_rows(statement: str, now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """Rows of all merchants that are due, seen by the platform role. Its parameters are `now` and `limit`."""
    with connections["platform"].cursor() as cursor:
        cursor.execute(statement, [now, limit])
        return list(cursor.fetchall())


def work_off(rows: list[tuple[Any, ...]], act: Callable[..., object], what: str) -> int:
    """Call `act(*row)` for each; one that fails is logged and holds up nobody. Returns how many went well."""
    done = 0
    for row in rows:
        try:
            act(*row)
        except Exception as error:
            if connection_lost(error):
                raise
            log.exception("%s failed for %s", what, row)
        else:
            done += 1
    return done
