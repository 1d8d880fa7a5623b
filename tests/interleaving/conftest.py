from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.interleaving.tally import TALLY
from tests.tenancy.catalogue import superuser

Observer = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def observer(cluster: Any) -> Iterator[Observer]:
    """The superuser, who sees who waits for whom."""
    with superuser() as connection:
        yield connection


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if "TONGDAO_EXAMPLES" in os.environ:
        for line in TALLY.table():
            terminalreporter.write_line(line)
