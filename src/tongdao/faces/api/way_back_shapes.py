"""The way back of a case's goods, as buyer and shop see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.shapes import Input, Text
from tongdao.faces.api.wishes import AddressIn
from tongdao.trade.aftersales.queries import CaseView
from tongdao.trade.shipping.models import ReturnAddress
from tongdao.trade.shipping.models.returns import LONGEST_NOTE
from tongdao.trade.shipping.places import place_of


class PlaceOut(Schema):
    """Where goods go back to, as it is written on the parcel."""

    name: str
    phone: str
    address: str
    note: str


class ReturnScanOut(Schema):
    at: datetime
    status: str
    text: str
    area: str


class TrackOut(Schema):
    """What the carrier tells of the way back."""

    carrier: str
    waybill_no: str
    state: str = Field(description="shipped (not scanned yet), in_transit, delivered")
    problem: str
    wrong: bool = Field(description="It was handed over before the case began: another parcel's number")
    scans: list[ReturnScanOut] = Field(description="The newest first")


class WayBackOut(Schema):
    carriage: str = Field(description="Who pays for sending it back: shop, buyer; empty where nothing does")
    back_to: PlaceOut | None = Field(description="As it was when the return was agreed to")
    signed_at: datetime | None = Field(description="When the carrier handed it over")
    track: TrackOut | None


class ReturnAddressIn(AddressIn):
    note: Text = Field("", max_length=LONGEST_NOTE, description="For the buyer")
    node_id: UUID | None = Field(None, description="Whose stock it is for; null: for all others")


class ReturnAddressOut(Schema):
    address_id: UUID
    node_id: UUID | None
    node_name: str
    recipient: str
    phone: str
    detail: str
    division_code: str
    address: str = Field(description="Region and street in one line")
    note: str
    staff_id: UUID | None = Field(description="Who set it")
    effective_from: datetime
    effective_to: datetime | None


class ReturnSettingsOut(Schema):
    shop_pays: bool = Field(description="Also for returns without a reason")
    addresses: list[ReturnAddressOut]
    ended: list[ReturnAddressOut] = Field(description="At most 50, the latest first")


class CarriageIn(Input):
    shop_pays: bool = Field(strict=True)


def way_back(view: CaseView) -> dict[str, Any]:
    """The fields of WayBackOut."""
    place, track = view.back_to, view.track
    return {
        "carriage": view.row.carriage,
        "back_to": PlaceOut(name=place.name, phone=place.phone, address=place.address, note=place.note)
        if place
        else None,
        "signed_at": view.row.signed_at,
        "track": TrackOut(
            carrier=track.carrier,
            waybill_no=track.waybill_no,
            state=track.state,
            problem=track.problem,
            wrong=view.track_wrong,
            scans=[
                ReturnScanOut(at=scan.at, status=scan.status, text=scan.text, area=scan.area)
                for scan in track.scans
            ],
        )
        if track
        else None,
    }


def address_out(row: ReturnAddress) -> ReturnAddressOut:
    return ReturnAddressOut(
        address_id=row.id,
        node_id=row.node_id,
        node_name=row.node.name if row.node else "",
        recipient=row.recipient,
        phone=row.phone,
        detail=row.detail,
        division_code=row.division_code,
        address=place_of(row).address,
        note=row.note,
        staff_id=row.staff_id,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )
