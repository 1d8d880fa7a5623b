"""Starting, finding and ending operating-system processes, so that none outlives the one that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

import psutil

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LARGEST_LOG = 20_000_000  # bytes; then the file becomes `<name>.log.1`
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str],
    *,
    output: int | IO[bytes],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    uid: int | None = None,
    gid: int | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in its own session; `death_signal` reaches it when this one dies, even by kill -9.

    Call it from the main thread: the kernel takes the death of the starting thread for that of the parent.
    """
    return subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(os.environ if env is None else env),
        cwd=cwd or "/",
        start_new_session=True,
        preexec_fn=_die_with(os.getpid(), death_signal),
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
    )


def _die_with(parent: int, death_signal: int) -> Callable[[], None]:
    """For the child, after it has changed its user (which clears the setting), before it is the program."""

    def ask_kernel() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return ask_kernel


def open_log(path: Path) -> BinaryIO:
    """For appending; one that has grown too large is put aside first, and the one before it is dropped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def started_at(pid: int) -> float | None:
    """When the process began, in seconds; None when there is none or it only waits to be reaped.

    Process ids are used again: the same pid with another time is another process.
    """
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


def group_members(group: int, since: float) -> list[psutil.Process]:
    """Living processes of a process group that began at `since` or later."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            alive = process.status() != psutil.STATUS_ZOMBIE and process.create_time() >= since - 1
            if alive and os.getpgid(process.pid) == group:
                found.append(process)
    return found


def end_group(group: int, since: float, patience: float) -> None:
    """Wait `patience` seconds for the group to leave by itself, then kill what is left of it."""
    deadline = time.monotonic() + patience
    while group_members(group, since):
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            deadline += 5
        time.sleep(0.05)
