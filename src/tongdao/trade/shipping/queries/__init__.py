"""Reads of parcels: for the buyer who waits, and for the desk that ships."""

from tongdao.trade.shipping.queries.desk import (
    OrderToShip,
    ParcelAtDesk,
    ShipLine,
    ShippableOrder,
    count_to_ship,
    orders_to_ship,
    parcels_with_problems,
    shippable,
)
from tongdao.trade.shipping.queries.dispatching import (
    DispatchRow,
    DispatchView,
    ItemView,
    dispatch_view,
    dispatches,
    failed_dispatches,
)
from tongdao.trade.shipping.queries.printing import (
    DeliveryNote,
    Label,
    PackedLine,
    delivery_notes,
    labels,
    packing_list,
    printable,
)
from tongdao.trade.shipping.queries.tracking import (
    ReturnTrack,
    ScanLine,
    Tracking,
    return_track,
    trackings_of,
)

__all__ = [
    "DeliveryNote",
    "DispatchRow",
    "DispatchView",
    "ItemView",
    "Label",
    "OrderToShip",
    "PackedLine",
    "ParcelAtDesk",
    "ReturnTrack",
    "ScanLine",
    "ShipLine",
    "ShippableOrder",
    "Tracking",
    "count_to_ship",
    "delivery_notes",
    "dispatch_view",
    "dispatches",
    "failed_dispatches",
    "labels",
    "orders_to_ship",
    "packing_list",
    "parcels_with_problems",
    "printable",
    "return_track",
    "shippable",
    "trackings_of",
]
