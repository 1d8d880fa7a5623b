"""Values kept under a version that is read again, at most every half second a key and process.

The promise: a request that begins `STALE` seconds after a change was committed is not answered from before
it, in any process, whoever made the change, and though no worker, listener or notification lives.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")
RECHECK = 0.5  # seconds for which a version that was read counts as today's
STALE = 1.0  # seconds after which nobody is served the old value any more, though it is being read again
LASTS = 60.0  # seconds after which a value is made anew under the same version: what it says of days moves on
OVERHEAD = 1_000  # bytes that an entry costs besides its value


@dataclass(frozen=True, slots=True)
class _Kept(Generic[V]):
    """`checked` is when the latest reading of the version began, `made` when that of the value did."""

    version: str
    value: V
    size: int
    checked: float
    made: float


@dataclass(slots=True, eq=False)
class _Slot(Generic[V]):
    """The place of one key. Whoever holds `lock` refreshes it; `kept` is only ever replaced whole."""

    lock: Lock = field(default_factory=Lock)
    kept: _Kept[V] | None = None


class Fragments(Generic[V]):
    """At most `most_bytes` of values, those longest unasked for going first. Safe between threads.

    `size` tells a value's bytes. `recheck` and `lasts`: seconds, see RECHECK and LASTS. `clock` gives
    monotonic seconds; tests move it.
    """

    recheck: float = RECHECK

    def __init__(
        self,
        *,
        most_bytes: int,
        size: Callable[[V], int],
        lasts: float = LASTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._size = size
        self._clock = clock
        self._lasts = lasts
        self._slots: OrderedDict[Hashable, _Slot[V]] = OrderedDict()
        self._guard = Lock()

    def __len__(self) -> int:
        return len(self._slots)

    def get(self, key: Hashable, read_version: Callable[[], str], make: Callable[[], V]) -> V:
        """The value of `key` under its version of now, or of less than STALE seconds ago.

        The version is read before the value is made, so a change between the two is seen at the next
        reading. What either raises reaches the caller, and nothing is kept of it. Call it outside a scope.
        """
        asked = self._clock()
        slot = self._find(key)
        kept = slot.kept
        if kept is not None and asked - kept.checked < self.recheck:
            return kept.value
        recent = kept is not None and asked - kept.checked < STALE
        if not slot.lock.acquire(blocking=not recent):
            assert kept is not None
            return kept.value  # another thread is reading the version again
        try:
            seen, kept = kept, slot.kept
            if kept is not None and kept is not seen and asked - kept.checked < STALE:
                return kept.value  # another thread has read it while this one waited
            return self._refresh(key, slot, read_version, make)
        finally:
            slot.lock.release()

    def clear(self) -> None:
        with self._guard:
            self._slots.clear()
            self.bytes = 0

    def _find(self, key: Hashable) -> _Slot[V]:
        with self._guard:
            slot = self._slots.get(key)
            if slot is None:
                slot = self._slots[key] = _Slot()
            else:
                self._slots.move_to_end(key)
            return slot

    def _refresh(
        self, key: Hashable, slot: _Slot[V], read_version: Callable[[], str], make: Callable[[], V]
    ) -> V:
        """With the slot's lock held."""
        kept, fresh = slot.kept, None
        began = self._clock()
        try:
            version = read_version()
            if kept is not None and kept.version == version and began - kept.made < self._lasts:
                fresh = replace(kept, checked=began)
            else:
                value = make()
                fresh = _Kept(version, value, self._size(value) + OVERHEAD, began, began)
        finally:
            # What could not be read or made is shown to nobody, not even for the rest of its second.
            self._keep(key, slot, fresh)
        return fresh.value

    def _keep(self, key: Hashable, slot: _Slot[V], fresh: _Kept[V] | None) -> None:
        with self._guard:
            self._forget(key)
            slot.kept = fresh
            if fresh is None or fresh.size > self.most_bytes:
                return
            self._slots[key] = slot
            self.bytes += fresh.size
            while self.bytes > self.most_bytes:
                self._forget(next(iter(self._slots)))

    def _forget(self, key: Hashable) -> None:
        gone = self._slots.pop(key, None)
        if gone is not None and gone.kept is not None:
            self.bytes -= gone.kept.size
