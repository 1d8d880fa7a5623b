"""What the queues tell: depth, batch size, wait, commit time, refusals by code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from tongdao.foundation.committing.waiting import Item
from tongdao.foundation.refusals import Refusal

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
DEPTH = Gauge(
    "tongdao_queue_depth", "Wishes that wait for a committer", ["queue"], multiprocess_mode="livesum"
)
BATCH = Histogram(
    "tongdao_queue_batch_size", "Wishes in one transaction", ["queue"], buckets=(1, 2, 4, 8, 16, 32, 64)
)
WAIT = Histogram(
    "tongdao_queue_wait_seconds", "The longest wait of a batch's wishes", ["queue"], buckets=_SECONDS
)
COMMIT = Histogram(
    "tongdao_queue_commit_seconds", "One batch, from its begin to its answers", ["queue"], buckets=_SECONDS
)
REFUSED = Counter("tongdao_queue_refusals", "Wishes refused, by code", ["queue", "code"])


def note_batch(name: str, began: float, took: float, items: Sequence[Item[Any, Any]], answers: Any) -> None:
    """After the answers are given, so that nobody waits for bookkeeping."""
    BATCH.labels(name).observe(len(items))
    COMMIT.labels(name).observe(took)
    WAIT.labels(name).observe(began - items[0].since)
    for answer in answers:
        if isinstance(answer, Exception):
            code = answer.code if isinstance(answer, Refusal) else "error"
            REFUSED.labels(name, code).inc()
