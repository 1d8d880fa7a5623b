"""The thread that makes parcels move by themselves."""

from __future__ import annotations

import threading

from tongdao.sandboxes.carrier.app import App, now
from tongdao.sandboxes.carrier.parcels import advance

_LONGEST_NAP = 5.0


class Mover(threading.Thread):
    """Takes each parcel's next step when its time has come; does nothing at pace 0."""

    def __init__(self, app: App) -> None:
        super().__init__(name="mover", daemon=True)
        self._app = app

    def run(self) -> None:
        while not self._app.stopping.is_set():
            self._app.move_wake.clear()
            self._app.move_wake.wait(self._move_due())

    def _move_due(self) -> float:
        """Move what is due; the seconds until the next parcel's time."""
        if self._app.pace <= 0:
            return _LONGEST_NAP
        store = self._app.store
        for row in store.rows("SELECT number FROM parcel WHERE phase = 'moving' AND next_at <= ?", now()):
            advance(self._app, row["number"])
        nearest = store.row("SELECT min(next_at) AS at FROM parcel WHERE phase = 'moving'")
        if nearest is None or nearest["at"] is None:
            return _LONGEST_NAP
        return min(_LONGEST_NAP, max(0.0, float(nearest["at"]) - now()))
