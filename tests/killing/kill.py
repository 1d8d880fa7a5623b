"""One kill -9, at a drawn moment of a step."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import suppress

from tests.killing.loop import Step
from tests.killing.town import Town
from tests.stack import wait_until

SEED = os.environ.get("KILL_SEED", "1")  # of the moments at which the kills fall
LATEST = 0.15  # seconds after a question has left
VICTIMS = ("web", "worker", "wechatpay", "carrier", "database", "supervisor")


class Kill:
    """Armed from its making: it falls `delay` seconds after question number `question` of the step left."""

    def __init__(self, town: Town, victim: str, step: Step, draw: random.Random) -> None:
        self.town, self.victim = town, victim
        self.question = draw.randrange(step.questions)  # 0 is the first: the step has just begun
        self.delay = draw.uniform(0, LATEST)
        self.at = 0.0
        self.old = town.stack.running().processes
        self._asked = 0
        self._relaunched = False
        self._thread = threading.Thread(target=self._fall, name=f"kill {victim}", daemon=True)
        town.sent = self._count

    def finish(self) -> None:
        """The step is over: the kill has happened, and whoever was killed runs again."""
        self.town.sent = lambda: None
        assert self._asked > self.question, f"the step asked only {self._asked} questions"
        self._thread.join()
        self.town.stack.wait_for_restart(self.victim, self.old[self.victim][0])
        if self.victim == "supervisor":
            wait_until(self._is_ready, "the new start")
            now = self.town.stack.running().processes.values()
            assert not set(self.old.values()) & set(now), "a new supervisor starts everything anew"

    def _is_ready(self) -> bool:
        self._check_start()
        return "Ctrl-C stops everything" in self.town.stack.said()

    def _check_start(self) -> None:
        """A supervisor that could not start again says why."""
        process = self.town.stack.process
        assert process is not None
        assert process.poll() is None or not self._relaunched, self.town.stack.said()

    def _count(self) -> None:
        self._check_start()
        self._asked += 1
        if self._asked == self.question + 1:
            self._thread.start()

    def _fall(self) -> None:
        time.sleep(self.delay)
        stack = self.town.stack
        self.at = time.monotonic()
        if self.victim == "web":  # its workers would go on serving until somebody notices
            with suppress(ProcessLookupError):
                os.killpg(stack.pid("web"), signal.SIGKILL)
            return
        stack.kill(self.victim)
        if self.victim == "supervisor":
            stack.launch()
            self._relaunched = True
