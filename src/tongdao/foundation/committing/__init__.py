"""Group commit: what many requests want becomes one short transaction (docs/algorithms/checkout.md)."""

from tongdao.foundation.committing.bisecting import commit_each
from tongdao.foundation.committing.queue import GroupCommit, QueueFull, Stopping
from tongdao.foundation.committing.waiting import Waiting

__all__ = ["GroupCommit", "QueueFull", "Stopping", "Waiting", "commit_each"]
