"""What the parts of the process share, and the clock in the carrier's own notation."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tongdao.sandboxes.carrier.account import Account
from tongdao.sandboxes.carrier.store import Store

Json = dict[str, Any]

_BEIJING = timezone(timedelta(hours=8))


@dataclass
class App:
    """`pace` seconds per step (0: none by itself), `speed` divides the waits between push attempts."""

    account: Account
    store: Store
    pace: float
    speed: float
    move_wake: threading.Event = field(default_factory=threading.Event)
    push_wake: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Tell the workers to end."""
        self.stopping.set()
        self.move_wake.set()
        self.push_wake.set()


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def stamp(at: float) -> str:
    """Beijing time as the carrier writes it: 2026-11-22 08:30:00."""
    return datetime.fromtimestamp(at, _BEIJING).strftime("%Y-%m-%d %H:%M:%S")
