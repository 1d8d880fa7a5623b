"""The bench needs a load generator: without it its tests are left out, and the report says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if shutil.which("wrk"):
        return
    without = [item for item in items if HERE in item.path.parents and item.get_closest_marker("slow")]
    config.stash[LEFT_OUT] = len(without)
    items[:] = [item for item in items if item not in without]
    config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{count} bench tests did not run: wrk is missing (apt-get install wrk).")
