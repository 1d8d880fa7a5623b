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
    """The carrier would not take it; its units can be packed again. `problem` is the gateway's code."""

    parcel_id: UUID
    order_id: UUID
    problem: Code


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
define("carrier.connected", CarrierConnected)
define("delivery_address.unmasked", DeliveryUnmasked)
