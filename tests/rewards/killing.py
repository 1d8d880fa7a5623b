"""Programs of the worker that are killed with -9 at drawn moments, started again, and killed again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.conftest import Cluster

PATIENCE = 60.0


@dataclass(frozen=True)
class Moment:
    """When `done` pieces of the work are done, and so many seconds later: anywhere in the next ones."""

    done: int
    later: float


def drawn(seed: int, pieces: int, kills: int = 3) -> list[Moment]:
    """Of the same seed the same moments, the later after the earlier; one at least in the first half."""
    chance = random.Random(seed)
    counts = sorted({chance.randrange(pieces // 2), *chance.sample(range(pieces - 2), kills - 1)})
    return [Moment(count, chance.uniform(0, 0.06)) for count in counts]


def start(cluster: Cluster, program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program], env=cluster.environ, stderr=subprocess.DEVNULL)


def wait_for(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "nothing happens"
        time.sleep(0.005)


def kill_at(cluster: Cluster, program: str, moment: Moment, done: Callable[[], int]) -> bool:
    """Run it until then; whether it was killed in the middle of it."""
    process = start(cluster, program)
    wait_for(lambda: done() >= moment.done or process.poll() is not None)
    time.sleep(moment.later)
    process.kill()
    return process.wait(PATIENCE) == -9
