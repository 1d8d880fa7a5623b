from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """A buyer ordered; the goods are reserved until `pay_by`. Amounts in fen."""

    purchase_id: UUID
    person_id: UUID
    member_id: UUID
    promoter_id: UUID | None
    total_fen: int
    units: int
    pay_by: datetime


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """The channel has the buyer's money; shipping was promised by `ship_by`."""

    purchase_id: UUID
    person_id: UUID
    total_fen: int
    ship_by: datetime


@dataclass(frozen=True, slots=True)
class OrderClosing:
    """The order will not be paid; the channel is asked to close first."""

    purchase_id: UUID


@dataclass(frozen=True, slots=True)
class OrderClosed:
    """Closed unpaid; its goods are free again."""

    purchase_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """Undone after payment and before shipping; the refund is on its way."""

    person_id: UUID
    refund_fen: int


@dataclass(frozen=True, slots=True)
class OrderCompleted:
    """Receipt is confirmed, by the buyer or by the timer; the time for giving back runs."""

    person_id: UUID
    total_fen: int


define("order.placed", OrderPlaced)
define("order.paid", OrderPaid)
define("order.closing_begun", OrderClosing)
define("order.closed", OrderClosed)
define("order.cancelled", OrderCancelled)
define("order.completed", OrderCompleted)
