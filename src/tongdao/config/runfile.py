"""Who runs on a data directory: one supervisor at a time, and the processes that it started.

`supervisor.lock` is held while the supervisor lives (the kernel lets go of it, whatever ends the process).
`run.json` names the processes, so that the next start can wait for those that are still leaving.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tongdao.config.processes import end_group, started_at

LEAVE_SECONDS = 15.0


class AlreadyRunning(Exception):
    """Another supervisor runs on this data directory; the message says which."""


@dataclass(frozen=True)
class Running:
    """What run.json says: addresses, and per process name its (pid, start in seconds)."""

    urls: Mapping[str, str]
    processes: Mapping[str, tuple[int, float]]


@contextmanager
def sole_supervisor(data_dir: Path) -> Iterator[None]:
    """Hold the data directory; whoever comes second is refused with AlreadyRunning."""
    path = data_dir / "supervisor.lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"Tongdao already runs on {data_dir} (process {lock.read().strip() or 'unknown'})."
                " Stop that one, or set TONGDAO_DATA to another directory."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def read_run(data_dir: Path) -> Running | None:
    """The latest start on this data directory, finished or not."""
    try:
        raw = json.loads((data_dir / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    processes = {name: (int(pid), float(began)) for name, (pid, began) in raw["processes"].items()}
    return Running(urls=raw["urls"], processes=processes)


def write_run(data_dir: Path, urls: Mapping[str, str], pids: Mapping[str, int]) -> None:
    """Replace run.json as a whole; processes that are gone already are left out."""
    found = {name: (pid, began) for name, pid in pids.items() if (began := started_at(pid)) is not None}
    draft = data_dir / "run.json.draft"
    draft.write_text(json.dumps({"urls": dict(urls), "processes": found}, indent=2), encoding="utf-8")
    draft.rename(data_dir / "run.json")


def wait_for_leftovers(data_dir: Path) -> None:
    """After a kill -9 of the supervisor its children stop by themselves; give them time, then end them.

    The database is not among them: it is waited for where it is started.
    """
    run = read_run(data_dir)
    if run is not None:
        for name, (pid, began) in run.processes.items():
            if name not in ("supervisor", "database"):
                end_group(pid, began, LEAVE_SECONDS)
