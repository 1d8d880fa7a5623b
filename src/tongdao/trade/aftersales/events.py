from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class AfterSaleOpened:
    """A case about an order whose money goes back at once. Amount in fen."""

    order_id: UUID
    person_id: UUID
    kind: Code
    refund_fen: int


@dataclass(frozen=True, slots=True)
class AfterSaleRequested:
    """A buyer asks for something; the event's reason is the buyer's. Units of all lines."""

    order_id: UUID
    person_id: UUID
    kind: Code
    units: int


@dataclass(frozen=True, slots=True)
class AfterSaleMoved:
    """A case goes a step without money. `side`: who did it, or let the time pass."""

    order_id: UUID
    person_id: UUID
    kind: Code
    side: Code


@dataclass(frozen=True, slots=True)
class AfterSaleGranted:
    """A case comes to money back, which is on its way. Amount in fen."""

    order_id: UUID
    person_id: UUID
    refund_fen: int


@dataclass(frozen=True, slots=True)
class AfterSaleDueSoon:
    """The time of a side is nearly over. `side`: whose."""

    order_id: UUID
    person_id: UUID
    side: Code


@dataclass(frozen=True, slots=True)
class AfterSaleReturnSigned:
    """The carrier handed over what the buyer sent back: the seller's time to look at it runs."""

    order_id: UUID
    person_id: UUID
    parcel_id: UUID


@dataclass(frozen=True, slots=True)
class AfterSaleReturnSilent:
    """The carrier has told nothing of what the buyer sent back; the buyer is told to check the number."""

    order_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class AfterSaleReturnCorrected:
    """The buyer gave another waybill number, or another carrier."""

    order_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class CarriageOffered:
    """The shop pays for sending goods back, whatever the reason; `offered` False: no more."""

    offered: bool


@dataclass(frozen=True, slots=True)
class AfterSaleExported:
    """Staff took the case along with its evidence."""

    order_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class AfterSaleSettled:
    """The buyer has the money of the case, or the goods."""

    order_id: UUID
    person_id: UUID


define("after_sale.opened", AfterSaleOpened)
define("after_sale.requested", AfterSaleRequested)
define("after_sale.moved", AfterSaleMoved)
define("after_sale.granted", AfterSaleGranted)
define("after_sale.due_soon", AfterSaleDueSoon)
define("after_sale.return_signed", AfterSaleReturnSigned)
define("after_sale.return_silent", AfterSaleReturnSilent)
define("after_sale.return_corrected", AfterSaleReturnCorrected)
define("carriage.offered", CarriageOffered)
define("after_sale.exported", AfterSaleExported)
define("after_sale.settled", AfterSaleSettled)
