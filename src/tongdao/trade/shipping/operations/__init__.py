"""What is done to parcels. `SWEEPS` is what the worker runs again and again, with (now, limit)."""

from tongdao.trade.shipping.operations.booking import book_parcel
from tongdao.trade.shipping.operations.cancelling import cancel_booked, cancel_parcel
from tongdao.trade.shipping.operations.dispatching import (
    Wish,
    pack_item,
    retry_dispatch,
    start_dispatch,
    sweep_dispatches,
)
from tongdao.trade.shipping.operations.following import follow_parcel
from tongdao.trade.shipping.operations.packing import ParcelPacked, pack_parcel
from tongdao.trade.shipping.operations.setup import connect_carrier
from tongdao.trade.shipping.operations.sweeping import sweep_parcels
from tongdao.trade.shipping.operations.unmasking import unmask_delivery

SWEEPS = [sweep_dispatches, sweep_parcels]

__all__ = [
    "SWEEPS",
    "ParcelPacked",
    "Wish",
    "book_parcel",
    "cancel_booked",
    "cancel_parcel",
    "connect_carrier",
    "follow_parcel",
    "pack_item",
    "pack_parcel",
    "retry_dispatch",
    "start_dispatch",
    "sweep_dispatches",
    "sweep_parcels",
    "unmask_delivery",
]
