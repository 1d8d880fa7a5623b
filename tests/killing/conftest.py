from __future__ import annotations

import random
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.killing.kill import VICTIMS
from tests.killing.loop import World
from tests.killing.rush import Rush
from tests.killing.town import Town
from tests.stack import Stack, wait_until
from tongdao.config.env import load_env
from tongdao.config.stack import free_port


@pytest.fixture(scope="package")
def town() -> Iterator[Town]:
    """One installation for all kills: each process to be killed gets a merchant of its own in it."""
    directory = Path(tempfile.mkdtemp(prefix="tongdao-kill-"))
    directory.chmod(0o755)
    stack = Stack(directory)
    # Apart from the ports of other stacks: while a killed process is away nobody else must take its port.
    stack.environ["TONGDAO_PORT"] = str(free_port("127.0.0.1", random.randrange(24_000, 32_000, 10)))
    stack.environ["TONGDAO_CARRIER_PACE"] = "600"  # parcels move when they are told to
    stack.start()
    town = Town(stack)
    town.payment("speed", speed=30)  # notifications come again after half a second, not after 15
    yield town
    if stack.process is not None and stack.process.poll() is None:
        stack.stop(signal.SIGTERM)
    wait_until(lambda: not stack.survivors(), "everything to be gone")
    shutil.rmtree(directory)


@pytest.fixture(scope="package")
def worlds() -> dict[str, World]:
    """A merchant for each process that is killed."""
    return {victim: World(f"{victim}-world") for victim in VICTIMS}


@pytest.fixture(scope="package")
def rush(town: Town) -> Iterator[Rush]:
    """A shop of its own, full of people."""
    rush = Rush(town, "rush")
    yield rush
    rush.end()


@pytest.fixture
def superuser(town: Town) -> Iterator[psycopg.Connection[Any]]:
    """Sees the rows of all merchants."""
    url = load_env({"TONGDAO_DATA": str(town.stack.data_dir)}).databases.admin
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection
