"""What every part of the sandbox is given."""

import threading
from dataclasses import dataclass, field

from tongdao.sandboxes.wechatpay.identity import Platform
from tongdao.sandboxes.wechatpay.store import Store


@dataclass(frozen=True)
class Sandbox:
    """`gateway` is the base URL seen from outside; `bell` wakes the dispatcher."""

    store: Store
    platform: Platform
    gateway: str
    control_token: str
    bell: threading.Event = field(default_factory=threading.Event)

    @property
    def speed(self) -> float:
        """By how much the notification schedule is divided."""
        return float(self.store.fact("speed") or "1")
