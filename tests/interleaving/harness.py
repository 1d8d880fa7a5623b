"""Runs works at the same time, each on a thread and a database connection of its own, in a drawn order.

The schedule says who goes on next. A turn is one statement: the thread goes on from behind its last one
(committing, if that was due) until its next one is done. One that waits for a lock is seen through
`pg_blocking_pids`, and another is chosen; when the lock is given back it finishes its turn before anybody
else gets one. So the same works with the same schedule take the same course, and a failure can be repeated.

A work may be cut off after so many statements, as kill -9 does it: its connection is gone without a commit,
and nothing of it runs any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from django.db import connection, connections

Work = Callable[[], object]
BLOCKED = """
select pid from unnest(%s::integer[]) pid where cardinality(pg_blocking_pids(pid)) > 0
"""
PATIENCE = 30.0  # seconds without anybody getting on: deadlocks and lock timeouts end sooner
GLANCE = 0.002  # how long a statement may take before we ask whether it is blocked
LONGEST_GLANCE = 0.05  # we ask ever more seldom: on a busy machine it is mostly just slow


class Stuck(AssertionError):
    """Nobody gets on and nobody is blocked in the database; the message tells the course so far."""


class _Abandoned(BaseException):
    """Ends the threads of a stuck run."""


class _Gone(BaseException):
    """Ends a thread that is cut off; what it does on its way out is cut off too."""


@dataclass(frozen=True)
class Outcome:
    """What became of a work: its value, or the exception that it ended with."""

    value: Any = None
    error: Exception | None = None
    gone: bool = False  # cut off before it was done

    @property
    def ok(self) -> bool:
        return self.error is None and not self.gone


@dataclass(frozen=True)
class Course:
    """The outcomes in the order of the works, and who executed what."""

    outcomes: list[Outcome]
    steps: list[str]

    def __str__(self) -> str:
        return "\n".join([*self.steps, *(f"{i}: {one.error!r}" for i, one in enumerate(self.outcomes))])


@dataclass
class _Actor:
    """One thread. It owns itself while `running`; the conductor owns it while `ready`."""

    number: int
    work: Work
    left: int | None = None  # statements until it is cut off
    state: Literal["ready", "running", "blocked", "done"] = "ready"
    pid: int = 0
    outcome: Outcome = Outcome()


class Interleaving:
    """`schedule` holds any whole numbers: each picks one of those who can go on; after its end the first."""

    def __init__(
        self, works: Sequence[Work], schedule: Sequence[int], cuts: Mapping[int, int] | None = None
    ) -> None:
        cuts = cuts or {}
        self.actors = [_Actor(number, work, cuts.get(number)) for number, work in enumerate(works)]
        self.schedule = iter(schedule)
        self.changed = threading.Condition()
        self.turn: _Actor | None = None
        self.abandoned = False
        self.steps: list[str] = []

    def run(self, observer: psycopg.Connection[Any]) -> Course:
        """Until all are done. `observer` is a connection, in autocommit, that sees the others' locks."""
        threads = [threading.Thread(target=self._live, args=[actor], daemon=True) for actor in self.actors]
        for thread in threads:
            thread.start()
        try:
            while len(self._in("done")) < len(self.actors):
                self._give_turn()
                self._settle(observer)
        finally:
            self._abandon()
            for thread in threads:
                thread.join(PATIENCE)
        return Course([actor.outcome for actor in self.actors], self.steps)

    def _give_turn(self) -> None:
        ready = self._in("ready")
        if not ready:
            return  # all that are left are blocked: the database ends that
        chosen = ready[next(self.schedule, 0) % len(ready)]
        with self.changed:
            chosen.state = "running"
            self.turn = chosen
            self.changed.notify_all()

    def _settle(self, observer: psycopg.Connection[Any]) -> None:
        """Wait until nobody runs: each is ready, done, or blocked, with no one running who could free it."""
        deadline, glance = time.monotonic() + PATIENCE, GLANCE
        while True:
            with self.changed:
                self.changed.wait_for(lambda: not self._in("running"), glance)
                busy, ran = self._in("running", "blocked"), bool(self._in("running"))
            if not busy:
                return
            held = {row[0] for row in observer.execute(BLOCKED, [[a.pid for a in busy]]).fetchall()}
            with self.changed:
                for actor in self._in("running", "blocked"):
                    actor.state = "blocked" if actor.pid in held else "running"
                if not ran and not self._in("running"):
                    if self._in("ready"):
                        return
                    self.changed.wait(GLANCE)  # a deadlock: the database ends it
            glance = min(2 * glance, LONGEST_GLANCE)
            if time.monotonic() > deadline:
                raise Stuck("\n".join(self.steps))

    def _in(self, *states: str) -> list[_Actor]:
        return [actor for actor in self.actors if actor.state in states]

    def _live(self, actor: _Actor) -> None:
        """The thread: wait for the first turn, work, tell."""
        try:
            _set_lock_timeout(f"{2 * PATIENCE}s")  # a busy machine is not a lock that nobody gives back
            self._await_turn(actor)
            with connection.execute_wrapper(lambda *call: self._execute(actor, *call)):
                outcome = Outcome(actor.work())
        except _Gone:
            outcome = Outcome(gone=True)
        except _Abandoned:
            outcome = Outcome(error=RuntimeError("abandoned"))
        except Exception as error:  # noqa: BLE001 whatever it ended with is its outcome
            outcome = Outcome(error=error)
        finally:
            _set_lock_timeout("default")
            connections.close_all()
        with self.changed:
            actor.outcome, actor.state = outcome, "done"
            self.changed.notify_all()

    def _execute(
        self,
        actor: _Actor,
        execute: Callable[..., Any],
        statement: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        """One statement, and then the turn is over, also when the statement failed."""
        if actor.left == 0:
            if (raw := context["connection"].connection) is not None:
                raw.close()
            self.steps.append(f"{actor.number}: gone")
            raise _Gone
        actor.left = None if actor.left is None else actor.left - 1
        actor.pid = context["connection"].connection.info.backend_pid
        self.steps.append(f"{actor.number}: {' '.join(str(statement).split())[:120]}")
        try:
            return execute(statement, params, many, context)
        finally:
            self._end_turn(actor)

    def _end_turn(self, actor: _Actor) -> None:
        with self.changed:
            actor.state = "ready"
            self.changed.notify_all()
        self._await_turn(actor)

    def _await_turn(self, actor: _Actor) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.turn is actor or self.abandoned)
            if self.abandoned:
                raise _Abandoned
            self.turn = None

    def _abandon(self) -> None:
        with self.changed:
            self.abandoned = True
            self.changed.notify_all()


def _set_lock_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout to {value if value == 'default' else repr(value)}")


def in_turns(
    works: Sequence[Work],
    schedule: Sequence[int],
    observer: psycopg.Connection[Any],
    cuts: Mapping[int, int] | None = None,
) -> Course:
    """Run `works` under `schedule`, some `cuts` off after so many statements; what each ended with."""
    return Interleaving(works, schedule, cuts).run(observer)


def bursts(runs: Sequence[tuple[int, int]]) -> Iterator[int]:
    """(who, how many turns) written out: a schedule that stays with one for a while reaches further in."""
    for who, turns in runs:
        yield from [who] * turns
