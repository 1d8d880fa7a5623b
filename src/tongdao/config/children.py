"""One supervised program: its process, its log, and how long to wait before it is started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.error import URLError
from urllib.request import urlopen

from tongdao.config.processes import LARGEST_LOG, end_group, open_log, spawn

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # who has run this long starts again without a pause


@dataclass(frozen=True)
class Program:
    """What to run. `health` is a URL that answers 200, a `host:port` that accepts, or empty: do not wait."""

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)
    health: str = ""
    stop_seconds: float = 20.0


class Child:
    """A Program that is kept running. Not thread-safe: one loop owns it."""

    def __init__(self, program: Program, logs: Path, echo: Callable[[str, str], None]) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.began = 0.0
        self.failures = 0
        self.start_again_at = 0.0
        self._log_path = logs / f"{program.name}.log"
        self._log: BinaryIO | None = None
        self._echo = echo
        self._rest = b""

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def start(self) -> None:
        self._log = open_log(self._log_path)
        self.began = time.time()
        self.process = spawn(
            self.program.argv, output=subprocess.PIPE, env=self.program.environ, cwd=Path.cwd()
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)

    def pump(self) -> None:
        """Move what it said into its log, line by line to the terminal."""
        if self.process is None or self.process.stdout is None or self._log is None:
            return
        while chunk := self.process.stdout.read(65536):
            self._log.write(chunk)
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                self._echo(self.program.name, line.decode("utf-8", "replace").rstrip())
        self._log.flush()
        if self._log.tell() > LARGEST_LOG:
            self._log.close()
            self._log = open_log(self._log_path)

    def has_died(self) -> bool:
        """True once, when it has ended without being asked; then it is cleaned up and its pause is set."""
        if self.process is None or self.process.poll() is None:
            return False
        steady = time.time() - self.began > STEADY_SECONDS
        self.failures = 1 if steady else self.failures + 1
        self.start_again_at = time.monotonic() + min(LONGEST_PAUSE, 0.5 * 2 ** (self.failures - 1))
        self._bury()
        return True

    def is_healthy(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return False
        health = self.program.health
        return not health or (_answers(health) if "://" in health else _accepts(health))

    def last_words(self) -> list[str]:
        return self._log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Wait for it to leave, then end what is left of its group."""
        self.ask_to_stop()
        deadline = time.monotonic() + self.program.stop_seconds
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
            self.pump()
            time.sleep(0.03)
        self._bury()

    def _bury(self) -> None:
        """The process and all that it started (a web server's workers outlive a kill -9 of their master)."""
        if self.process is None:
            return
        end_group(self.process.pid, self.began, 0.0)
        self.process.wait()
        self.pump()
        if self.process.stdout is not None:
            self.process.stdout.close()
        if self._log is not None:
            self._log.close()
        self.process, self._log, self._rest = None, None, b""


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:  # noqa: S310 (our own health address)
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def _accepts(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        return False
    return True
