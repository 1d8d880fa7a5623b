"""Progress on the terminal: one numbered line a step, with the seconds that it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(line: str = "") -> None:
    """One line for the person at the terminal, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Steps:
    """Numbers the steps of a start: `[3/8] migrate … 2.1 s`."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.done = 0

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        self.done += 1
        sys.stdout.write(f"[{self.done}/{self.count}] {what} … ")
        sys.stdout.flush()
        began = time.monotonic()
        try:
            yield
        except BaseException:
            say("failed" if sys.exc_info()[0] is not StopRequested else "stopped")
            raise
        say(f"{time.monotonic() - began:.1f} s")


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM; not an error."""
