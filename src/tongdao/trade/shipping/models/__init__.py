from tongdao.trade.shipping.models.following import Followed, ScanRow
from tongdao.trade.shipping.models.parcels import (
    CarrierAccount,
    Dispatch,
    DispatchItem,
    Parcel,
    ParcelItem,
    TrackingEvent,
)
from tongdao.trade.shipping.models.returns import ReturnAddress, ReturnParcel, ReturnScan

__all__ = [
    "CarrierAccount",
    "Dispatch",
    "DispatchItem",
    "Followed",
    "Parcel",
    "ParcelItem",
    "ReturnAddress",
    "ReturnParcel",
    "ReturnScan",
    "ScanRow",
    "TrackingEvent",
]
