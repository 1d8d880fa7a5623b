"""How often a connection goes to the server and back.

In libpq's own trace each journey ends with Sync, or is one simple Query (BEGIN and COMMIT are).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def journeys() -> Iterator[Callable[[], int]]:
    """A function that says, afterwards, how many there were on the default connection."""
    count = 0
    connection.ensure_connection()
    wire = connection.connection.pgconn
    with tempfile.NamedTemporaryFile() as log:
        wire.trace(log.fileno())
        try:
            yield lambda: count
        finally:
            wire.untrace()
        log.seek(0)
        said = log.read()
        count = said.count(b"\tSync") + said.count(b"\tQuery")
