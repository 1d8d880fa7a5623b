from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class AfterSaleOpened:
    """A case about an order. Amount in fen."""

    order_id: UUID
    person_id: UUID
    kind: Code
    refund_fen: int


@dataclass(frozen=True, slots=True)
class AfterSaleSettled:
    """The buyer has the money of the case."""

    order_id: UUID
    person_id: UUID


define("after_sale.opened", AfterSaleOpened)
define("after_sale.settled", AfterSaleSettled)
