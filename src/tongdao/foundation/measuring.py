"""What all processes of this installation count (prometheus_client). Each keeps files of its own."""

from __future__ import annotations

import os
import re
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
DEPTH = "tongdao_queue_depth"
_LIVE = re.compile(r"gauge_live\w*_(\d+)\.db")


def registry() -> CollectorRegistry:
    """All processes together where they share a directory, else this one alone."""
    place = os.environ.get(VARIABLE)
    if not place:
        return REGISTRY
    for file in Path(place).glob("gauge_live*.db"):
        if (found := _LIVE.fullmatch(file.name)) and not Path(f"/proc/{found[1]}").exists():
            mark_process_dead(int(found[1]), place)  # type: ignore[no-untyped-call]  # the library's
    shared = CollectorRegistry()
    MultiProcessCollector(shared, place)  # type: ignore[no-untyped-call]  # the library's
    return shared


def queue_depths() -> list[tuple[str, int]]:
    """Each queue of group commit with how many wait in it now, over all processes."""
    samples = (sample for metric in registry().collect() for sample in metric.samples)
    found = [(one.labels["queue"], int(one.value)) for one in samples if one.name == DEPTH]
    return sorted(found)
