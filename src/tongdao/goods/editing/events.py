from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class GoodsBatchBegun:
    """Staff asked for a change of many goods, at once or from a moment on."""

    kind: Code
    lines: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class GoodsBatchFinished:
    """Each line is done or was refused."""

    kind: Code
    done: int
    refused: int


@dataclass(frozen=True, slots=True)
class GoodsBatchCancelled:
    """Staff took a planned change back before its moment."""

    kind: Code


@dataclass(frozen=True, slots=True)
class GoodsBatchUndone:
    """Staff had a change put back; `kept` lines had been changed since, or could not go back."""

    kind: Code
    undone: int
    kept: int


define("goods_batch.begun", GoodsBatchBegun)
define("goods_batch.finished", GoodsBatchFinished)
define("goods_batch.cancelled", GoodsBatchCancelled)
define("goods_batch.undone", GoodsBatchUndone)
