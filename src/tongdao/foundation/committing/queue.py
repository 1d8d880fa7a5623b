"""The queue and its committer: requests wait without a connection, one thread commits what has gathered.

A lone request is committed at once, and what arrives meanwhile is the next batch. After a batch of many, the
committer waits a moment for as many again: those who were answered are the ones who come back, and a batch of
the two quickest would cost all others a whole round.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Sequence
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connections

from tongdao.foundation.committing import metrics
from tongdao.foundation.committing.bisecting import Commit, commit_each
from tongdao.foundation.committing.waiting import Item, NotYet, Waiting, give
from tongdao.foundation.refusals import Refusal

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger(__name__)
LONGEST_WAIT = 10.0  # seconds
LONGEST_COMMIT = 60.0  # seconds more for a batch under way; statements time out long before
LINGER = 0.01  # seconds, at most, that a batch waits to become as large as the last one
DRAIN = 8.0  # seconds for what waits when the process stops; the server ends it two seconds later


class QueueFull(Refusal):
    """Very many people are ordering right now. Nothing was done; please try again in %(retry_after)s s."""

    status = 503


class Stopping(QueueFull):
    """The server is being restarted. Nothing was done; please try again in %(retry_after)s s."""

    status = 503


class GroupCommit(Generic[T, R]):
    """A bounded queue per merchant and the one thread of this process that works it off.

    `commit(merchant_id, wishes)` runs one transaction and answers each wish at its position; an exception
    among the answers is raised to the one who asked. `depth` bounds each merchant's line, `total` all lines,
    `patience` the seconds in a line before a request gives up its place.
    The thread starts with the first wish, so a process that is forked before has none to lose.
    """

    def __init__(
        self,
        name: str,
        commit: Commit[T, R],
        *,
        batch: int = 64,
        depth: int = 1_000,
        total: int = 4_000,
        patience: float = LONGEST_WAIT,
    ) -> None:
        self.name, self.commit, self.batch, self.patience = name, commit, batch, patience
        self._waiting: Waiting[T, R] = Waiting(most=total, most_each=depth)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._wanted = 1  # the committer need not wake for fewer
        self._crowd = 1  # who was answered by the last batch, and who waited meanwhile
        self._pace = 0.005  # seconds an item, as seen lately: what `retry_after` is guessed from

    def submit(self, merchant_id: UUID, wish: T) -> R:
        """Wait for the answer to `wish`. Raises QueueFull at once if the line is full, or Stopping."""
        item: Item[T, R] = Item(wish)
        with self._changed:
            if self._stopping:
                raise Stopping(retry_after=2)
            if not self._waiting.add(merchant_id, item):
                metrics.REFUSED.labels(self.name, QueueFull.code).inc()
                raise QueueFull(retry_after=self._estimate(merchant_id))
            self._ensure_thread()
            metrics.DEPTH.labels(self.name).set(self._waiting.count)
            if self._waiting.count >= self._wanted:
                self._changed.notify()
        return self._await(merchant_id, item)

    def _await(self, merchant_id: UUID, item: Item[T, R]) -> R:
        try:
            return item.answer(self.patience)
        except NotYet:
            with self._changed:
                if self._waiting.drop(merchant_id, item):
                    metrics.REFUSED.labels(self.name, QueueFull.code).inc()
                    raise QueueFull(retry_after=self._estimate(merchant_id)) from None
        try:
            return item.answer(LONGEST_COMMIT)
        except NotYet:
            item.leave()
            raise

    def _estimate(self, merchant_id: UUID) -> int:
        """Whole seconds until the line has probably gone."""
        return max(1, min(60, round(self._pace * self._waiting.length(merchant_id))))

    def drain(self, seconds: float = DRAIN) -> bool:
        """Take nothing more, finish what waits; True when all of it was answered by its own commit."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        with self._changed:
            left = self._waiting.drain()
        give(left, [Stopping(retry_after=2) for _ in left])
        return not left and (thread is None or not thread.is_alive())

    def _ensure_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            # A daemon: the interpreter must not wait for it before `drain`, which it runs at its exit.
            self._thread = threading.Thread(target=self._run, name=f"commit-{self.name}", daemon=True)
            self._thread.start()
            atexit.register(self.drain)

    def _run(self) -> None:
        try:
            while batch := self._next():
                self._work(*batch)
        finally:
            connections.close_all()
            self._hand_over()

    def _hand_over(self) -> None:
        """At a thread's end, however it came: those who wait get the next one."""
        with self._changed:
            self._thread = None
            if self._waiting.count and not self._stopping:
                self._ensure_thread()

    def _next(self) -> tuple[UUID, list[Item[T, R]]] | None:
        with self._changed:
            while not self._waiting.count:
                if self._stopping:
                    return None
                self._wanted = 1
                self._changed.wait()
            self._linger()
            taken = self._waiting.take(self.batch)
            metrics.DEPTH.labels(self.name).set(self._waiting.count)
            return taken

    def _linger(self) -> None:
        """With the lock held: wait until as many are there as came last time, at most LINGER."""
        self._wanted = min(self._crowd, self.batch)
        until = time.monotonic() + min(LINGER, self._pace * self._crowd / 2)
        while self._waiting.count < self._wanted and not self._stopping:
            left = until - time.monotonic()
            if left <= 0 or not self._changed.wait(left):
                break

    def _work(self, merchant_id: UUID, items: Sequence[Item[T, R]]) -> None:
        began = time.monotonic()
        try:
            answers = commit_each(self.commit, merchant_id, [item.wish for item in items])
        except BaseException as error:
            give(items, [RuntimeError(f"the committer ended with {error!r}") for _ in items])
            raise
        took = time.monotonic() - began
        self._crowd = max(len(items) + self._waiting.count, self._crowd // 2)
        self._pace = 0.8 * self._pace + 0.2 * took / len(items)
        give(items, answers)
        if any(isinstance(answer, Exception) and not isinstance(answer, Refusal) for answer in answers):
            connections.close_all()  # a broken connection is not used again; a good one is quickly made
        metrics.note_batch(self.name, began, took, items, answers)
