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
from tongdao.trade.shipping.operations.following import follow_parcel, follow_return
from tongdao.trade.shipping.operations.packing import ParcelPacked, pack_parcel
from tongdao.trade.shipping.operations.setup import connect_carrier
from tongdao.trade.shipping.operations.sweeping import sweep_parcels, sweep_return_parcels
from tongdao.trade.shipping.operations.taking_back import (
    end_return_address,
    set_return_address,
    take_back_by,
)
from tongdao.trade.shipping.operations.unmasking import unmask_delivery

SWEEPS = [sweep_dispatches, sweep_parcels, sweep_return_parcels]

__all__ = [
    "SWEEPS",
    "ParcelPacked",
    "Wish",
    "book_parcel",
    "cancel_booked",
    "cancel_parcel",
    "connect_carrier",
    "end_return_address",
    "follow_parcel",
    "follow_return",
    "pack_item",
    "pack_parcel",
    "retry_dispatch",
    "set_return_address",
    "start_dispatch",
    "sweep_dispatches",
    "sweep_parcels",
    "sweep_return_parcels",
    "take_back_by",
    "unmask_delivery",
]
