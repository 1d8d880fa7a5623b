"""Reads of parcels: for the buyer who waits, and for the desk that ships."""

from tongdao.trade.shipping.queries.desk import (
    OrderToShip,
    ParcelAtDesk,
    ShipLine,
    ShippableOrder,
    orders_to_ship,
    parcels_with_problems,
    shippable,
)
from tongdao.trade.shipping.queries.tracking import ScanLine, Tracking, trackings_of

__all__ = [
    "OrderToShip",
    "ParcelAtDesk",
    "ScanLine",
    "ShipLine",
    "ShippableOrder",
    "Tracking",
    "orders_to_ship",
    "parcels_with_problems",
    "shippable",
    "trackings_of",
]
