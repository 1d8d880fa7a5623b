"""Starts what Tongdao consists of in order, keeps it running, and stops it in the opposite order.

One thread: it moves the programs' output, sees who died and starts them again with a growing pause. Whatever
ends the supervisor, kill -9 included, ends its programs too (see processes.spawn).
"""

from __future__ import annotations

import os
import signal
import time
from types import FrameType

from tongdao.config.children import Child, Program
from tongdao.config.embedded import DatabaseDown, Embedded
from tongdao.config.env import Env
from tongdao.config.runfile import write_run
from tongdao.config.steps import Steps, StopRequested, say

READY_SECONDS = 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotReady(Exception):
    """A program did not get ready; the message names it and its log."""


class Supervisor:
    """Owns the processes of one data directory from start to stop."""

    def __init__(self, env: Env, *, echo: bool) -> None:
        self.env = env
        self.logs = env.data_dir / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.database = Embedded(env.data_dir, env.secrets.role_passwords) if env.embedded else None
        self.children: list[Child] = []
        self.stop_requested = False
        self._echo = echo
        self._settled = False  # while starting, the terminal belongs to the steps
        self._urls = {
            "web": env.base_url,
            "wechatpay": env.wechatpay_url,
            "carrier": env.carrier_url,
            "wechat": env.wechat_url,
        }
        self._database_again_at = 0.0

    def listen(self) -> None:
        """Ctrl-C and SIGTERM ask for an ordered stop; a second one does not hurry it."""
        for number in SIGNALS:
            signal.signal(number, self._request_stop)

    def start_database(self) -> None:
        if self.database is not None:
            self.database.start()
            self.note()

    def start(self, program: Program, steps: Steps) -> None:
        """Start one program and wait until it is ready. Raises NotReady, StopRequested."""
        child = Child(program, self.logs, self._show)
        self.children.append(child)
        with steps.step(program.name):
            child.start()
            self.note()
            deadline = time.monotonic() + READY_SECONDS
            while not child.is_healthy():
                self.wait(0.1)
                if child.has_died() or time.monotonic() > deadline:
                    raise NotReady("\n".join((f"{program.name} did not get ready:", *child.last_words())))

    def run_once(self, program: Program) -> None:
        """Run a command to its end. Raises NotReady with its last lines, StopRequested."""
        child = Child(program, self.logs, self._show)
        child.start()
        process = child.process
        assert process is not None
        try:
            while process.poll() is None:
                child.pump()
                self.wait(0.05)
        finally:
            child.stop()
        if process.returncode != 0:
            raise NotReady("\n".join((f"{program.name} failed:", *child.last_words())))

    def run(self) -> None:
        """Until somebody asks to stop."""
        self._settled = True
        while not self.stop_requested:
            self.tend()
            time.sleep(0.1)

    def tend(self) -> None:
        """One round: move output, start again who died."""
        self._tend_database()
        for child in self.children:
            child.pump()
            if child.has_died():
                pause = max(0.0, child.start_again_at - time.monotonic())
                say(f"{child.program.name} ended; it starts again in {pause:.1f} s (see {self.logs})")
            if child.process is None and time.monotonic() >= child.start_again_at:
                child.start()
                self.note()

    def stop(self) -> None:
        """Web first, then worker and sandboxes, the database last."""
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
        if self.database is not None:
            self.database.stop()
        self.note()

    def wait(self, seconds: float) -> None:
        """Keep what runs going for a moment. Raises StopRequested."""
        for child in self.children:
            child.pump()
        if self.stop_requested:
            raise StopRequested
        time.sleep(seconds)

    def note(self) -> None:
        """Write run.json: who runs now."""
        pids = {"supervisor": os.getpid()}
        if self.database is not None and self.database.process is not None:
            pids["database"] = self.database.process.pid
        pids |= {child.program.name: child.pid for child in self.children if child.pid is not None}
        write_run(self.env.data_dir, self._urls, pids)

    def _tend_database(self) -> None:
        process = self.database.process if self.database else None
        died = self.database is not None and (process is None or process.poll() is not None)
        if self.database is None or not died or time.monotonic() < self._database_again_at:
            return
        say(f"database ended; it starts again (see {self.database.log})")
        try:
            self.database.start()
            self.note()
        except DatabaseDown as error:
            say(str(error))
            self._database_again_at = time.monotonic() + 5.0

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_requested = True

    def _show(self, name: str, line: str) -> None:
        if self._echo and self._settled:
            say(f"{name:<10}| {line}")
