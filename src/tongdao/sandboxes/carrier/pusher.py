"""The thread that sends pushes and keeps at it: the real one tries every half hour, four times in all."""

from __future__ import annotations

import sqlite3
import threading

from tongdao.sandboxes.carrier.app import App, now
from tongdao.sandboxes.carrier.delivery import deliver

RETRY_SECONDS = 1_800.0
ATTEMPTS = 4
_AT_ONCE = 8
_LONGEST_NAP = 5.0


class Pusher(threading.Thread):
    """Sends what is due: one push per parcel at a time, oldest first, several parcels at once."""

    def __init__(self, app: App) -> None:
        super().__init__(name="pusher", daemon=True)
        self._app = app
        self._busy: set[str] = set()
        self._busy_lock = threading.Lock()

    def run(self) -> None:
        while not self._app.stopping.is_set():
            self._app.push_wake.clear()
            self._app.push_wake.wait(self._start_due())

    def _start_due(self) -> float:
        """Start sending what is due; the seconds until the next push's time."""
        rows = self._app.store.rows(
            "SELECT * FROM push WHERE status = 'pending' AND due_at <= ? ORDER BY due_at, id", now()
        )
        for row in rows:
            with self._busy_lock:
                if row["number"] in self._busy or len(self._busy) >= _AT_ONCE:
                    continue
                self._busy.add(row["number"])
            threading.Thread(target=self._send, args=(row,), daemon=True).start()
        later = self._app.store.row(
            "SELECT min(due_at) AS at FROM push WHERE status = 'pending' AND due_at > ?", now()
        )
        if later is None or later["at"] is None:
            return _LONGEST_NAP
        return min(_LONGEST_NAP, max(0.0, float(later["at"]) - now()))

    def _send(self, row: sqlite3.Row) -> None:
        try:
            accepted, reply = deliver(
                row["url"], row["body"], row["salt"], row["mode"] == "altered_signature"
            )
            record(self._app, row, accepted, reply)
        finally:
            with self._busy_lock:
                self._busy.discard(row["number"])
            self._app.push_wake.set()


def record(app: App, row: sqlite3.Row, accepted: bool, reply: str) -> None:
    """Write down how an attempt went, and let go what was held back to come after it."""
    attempts = row["attempts"] + 1
    status = "done" if accepted else "failed" if attempts >= ATTEMPTS else "pending"
    with app.store.writing() as connection:
        connection.execute(
            "UPDATE push SET attempts = ?, status = ?, reply = ?, due_at = ? WHERE id = ?",
            (attempts, status, reply, now() + RETRY_SECONDS / app.speed, row["id"]),
        )
        connection.execute(
            "UPDATE push SET status = 'pending', due_at = ? WHERE status = 'held' AND number = ? AND id < ?",
            (now(), row["number"], row["id"]),
        )
