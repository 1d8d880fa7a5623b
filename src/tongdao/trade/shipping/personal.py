from tongdao.foundation.personal import holds, impersonal
from tongdao.trade.shipping.models import (
    CarrierAccount,
    Dispatch,
    Parcel,
    ReturnAddress,
    ReturnParcel,
    ReturnScan,
    TrackingEvent,
)

TRADE = ("retention.trade_records",)
holds(
    Parcel,
    "kept",
    shows=("order__number", "carrier", "waybill_no", "state", "shipped_at", "delivered_at"),
    laws=TRADE,
    since="delivered_at",
)
holds(
    TrackingEvent,
    "kept",
    person="parcel__person_id",
    shows=("parcel__waybill_no", "scanned_at", "area", "text"),
    laws=TRADE,
    since="scanned_at",
)
holds(Dispatch, "kept", person="staff_id", shows=("created_at",))
impersonal(CarrierAccount, "a company's account at its carrier; the sender is the company")
holds(
    ReturnParcel,
    "kept",
    shows=("carrier", "waybill_no", "state", "shipped_at", "delivered_at"),
    laws=TRADE,
    since="shipped_at",
)
holds(
    ReturnScan,
    "kept",
    person="parcel__person_id",
    shows=("parcel__waybill_no", "scanned_at", "area", "text"),
    laws=TRADE,
    since="scanned_at",
)
impersonal(ReturnAddress, "where a company takes goods back; the receiver is the company")
