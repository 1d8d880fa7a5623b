from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class StockCounted:
    """Units on hand were set; old and new count stand in the event."""

    sku_id: UUID
    node_id: UUID
    source: Code


define("stock.counted", StockCounted)
