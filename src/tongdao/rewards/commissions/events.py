from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class OrderReleased:
    """The shares of an order are their earners' own. Amounts in fen; `netted_fen` of the promoters' went to
    what they owed back.
    """

    seller_fen: int
    promoter_fen: int
    netted_fen: int


@dataclass(frozen=True, slots=True)
class CommissionClawedBack:
    """A refund took back of a commission. `owed_fen` of it had been paid out and is a debt now."""

    order_id: UUID
    promoter_id: UUID
    amount_fen: int
    owed_fen: int


define("order.released", OrderReleased)
define("commission.clawed_back", CommissionClawedBack)
