"""What happens to parcels. Waybill numbers lead to persons, so no event carries one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class ParcelRequested:
    """Units of an order were packed and promised to a carrier; `units` over all items."""

    parcel_id: UUID
    order_id: UUID
    carrier: Code
    units: int


@dataclass(frozen=True, slots=True)
class ParcelShipped:
    """The parcel has its waybill and its goods have left the stock.

    `last`: with it all units of the order have left.
    """

    parcel_id: UUID
    order_id: UUID
    carrier: Code
    last: bool


@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """New scans came in; `status` is that of the newest known one (see shipping.carriers.Status)."""

    parcel_id: UUID
    order_id: UUID
    status: Code
    scans: int


@dataclass(frozen=True, slots=True)
class ParcelDelivered:
    """It was signed for."""

    parcel_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class ParcelVoided:
    """The carrier would not take it, or gave it back; its units can be packed again.

    `problem` is the gateway's code, or "taken_back"."""

    parcel_id: UUID
    order_id: UUID
    problem: Code


@dataclass(frozen=True, slots=True)
class ParcelCancelAsked:
    """Staff want a parcel back before it is collected."""

    parcel_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class ParcelCancelRefused:
    """The carrier had it already: the parcel goes its way. `problem` is the gateway's code."""

    parcel_id: UUID
    order_id: UUID
    problem: Code


@dataclass(frozen=True, slots=True)
class ReturnParcelMoved:
    """New scans of what a buyer sends back came in; `status` is that of the newest known one."""

    parcel_id: UUID
    status: Code
    scans: int


@dataclass(frozen=True, slots=True)
class ReturnParcelDelivered:
    """What a buyer sends back was signed for."""

    parcel_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnAddressSet:
    """Where goods go back to was set; the one before it, if any, ended. `node_id`: for whose stock only."""

    address_id: UUID
    node_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReturnAddressEnded:
    """Goods go back there no more."""

    address_id: UUID
    node_id: UUID | None


@dataclass(frozen=True, slots=True)
class DispatchStarted:
    """So many orders are shipped in one go; `typed`: with waybills that staff brought along."""

    dispatch_id: UUID
    orders: int
    typed: bool


@dataclass(frozen=True, slots=True)
class DispatchRetried:
    """Those that could not be shipped are tried again."""

    dispatch_id: UUID
    orders: int


@dataclass(frozen=True, slots=True)
class CarrierConnected:
    """The merchant's carrier account was set; the one before it, if any, ended."""

    account_id: UUID
    gateway: Code


@dataclass(frozen=True, slots=True)
class DeliveryUnmasked:
    """Somebody read where an order goes, in full."""

    order_id: UUID
    address_id: UUID


define("parcel.requested", ParcelRequested)
define("parcel.shipped", ParcelShipped)
define("parcel.moved", ParcelMoved)
define("parcel.delivered", ParcelDelivered)
define("parcel.voided", ParcelVoided)
define("parcel.cancel_asked", ParcelCancelAsked)
define("parcel.cancel_refused", ParcelCancelRefused)
define("return_parcel.moved", ReturnParcelMoved)
define("return_parcel.delivered", ReturnParcelDelivered)
define("return_address.set", ReturnAddressSet)
define("return_address.ended", ReturnAddressEnded)
define("dispatch.started", DispatchStarted)
define("dispatch.retried", DispatchRetried)
define("carrier.connected", CarrierConnected)
define("delivery_address.unmasked", DeliveryUnmasked)
