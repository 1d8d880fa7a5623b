from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.stack import Stack, wait_until
from tests.support.browsing import chromium_at


@pytest.fixture(scope="package")
def demo() -> Iterator[Stack]:
    """`tongdao demo` on a directory of its own, whose carrier scans every second."""
    directory = Path(tempfile.mkdtemp(prefix="tongdao-test-"))
    directory.chmod(0o755)
    stack = Stack(directory)
    stack.environ["TONGDAO_CARRIER_PACE"] = "1"
    stack.start("demo")
    yield stack
    assert stack.stop() == 0
    wait_until(lambda: not stack.survivors(), "everything to be gone")
    shutil.rmtree(directory)


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened
