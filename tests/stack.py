"""The fixture `run_stack`: Tongdao as its operator starts it, on a data directory and ports of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tongdao.config.runfile import Running, read_run
from tongdao.config.stack import free_port

PATIENCE = 90.0  # seconds until something that must happen has happened
PROGRAMS = {"supervisor", "database", "wechatpay", "carrier", "wechat", "worker", "web"}


class Stack:
    """`tongdao up` (or another command) in a process of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.output = data_dir / "terminal.txt"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TONGDAO_", "DATABASE_"))
        }
        self.environ = kept | {
            "TONGDAO_DATA": str(data_dir),
            "TONGDAO_PORT": str(free_port("127.0.0.1", 20000)),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: str = "up") -> None:
        """Return when everything is ready."""
        self.launch(command)
        wait_until(lambda: "Ctrl-C stops everything" in self.said() or self._ended(), "the start")
        assert not self._ended(), self.said()

    def launch(self, command: str = "up") -> None:
        with self.output.open("wb") as output:
            argv = (sys.executable, "-m", "tongdao", command)
            self.process = subprocess.Popen(argv, env=self.environ, stdout=output, stderr=output)

    def said(self) -> str:
        """What stands on the terminal since the latest start."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def running(self) -> Running:
        run = read_run(self.data_dir)
        assert run is not None
        return run

    def pid(self, name: str) -> int:
        """One of PROGRAMS."""
        return self.running().processes[name][0]

    def url(self, name: str) -> str:
        """`web`, `wechatpay`, `carrier` or `wechat`, without a final slash."""
        return self.running().urls[name]

    def kill(self, name: str) -> int:
        """kill -9; returns the process id that is no more."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        if name == "supervisor" and self.process is not None:
            self.process.wait()
        return pid

    def wait_for_restart(self, name: str, old: int) -> None:
        wait_until(lambda: self.running().processes.get(name, (old, 0))[0] != old, f"a new {name}")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Another `tongdao` command on the same data directory."""
        argv = (sys.executable, "-m", "tongdao", *command)
        return subprocess.run(
            argv, env=self.environ, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to stop; returns its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def survivors(self) -> list[str]:
        """Command lines of processes that still work on this data directory."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE and self._is_ours(process):
                    found.append(" ".join(process.cmdline()))
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        return process.environ().get("TONGDAO_DATA") == str(self.data_dir) or any(
            argument.startswith(str(self.data_dir)) for argument in process.cmdline()
        )

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def wait_until(true: Callable[[], object], what: str) -> None:
    """Fail when it has not become true after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A directory that other users can reach, as the database's user must (pytest's own are closed)."""
    directory = Path(tempfile.mkdtemp(prefix="tongdao-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def run_stack(open_dir: Path) -> Iterator[Stack]:
    """Call `start` on it; what still runs at the end of the test is stopped."""
    stack = Stack(open_dir)
    yield stack
    if stack.process is not None and stack.process.poll() is None:
        stack.stop(signal.SIGTERM)
    wait_until(lambda: not stack.survivors(), "everything to be gone")
