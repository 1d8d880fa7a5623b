"""What a buyer sees of the parcels of an order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.carriers import ATTENTION, CARRIERS, STATUS_NAMES, Status
from tongdao.trade.shipping.models import Parcel, ReturnParcel, ReturnScan, ScanRow, TrackingEvent


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One scan; `text` is the carrier's own."""

    at: datetime
    status: str
    status_name: str
    text: str
    area: str


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel. `what_next` is a sentence, `next_by` when receipt is confirmed by itself, if set."""

    parcel_id: UUID
    carrier: str
    carrier_name: str
    waybill_no: str
    state: str
    status_name: str
    what_next: str
    next_by: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    scans: tuple[ScanLine, ...]


def trackings_of(order_id: UUID) -> tuple[Tracking, ...]:
    """The order's parcels, oldest first, scans newest first; void ones are left out. In a merchant_scope."""
    parcels = list(
        Parcel.objects.filter(order_id=order_id).exclude(state="void").order_by("requested_at", "id")
    )
    confirm_by = Order.objects.filter(id=order_id).values_list("confirm_by", flat=True).first()
    scans = _scans([parcel.id for parcel in parcels])
    return tuple(_tracking(parcel, scans[parcel.id], confirm_by) for parcel in parcels)


@dataclass(frozen=True, slots=True)
class ReturnTrack:
    """What a buyer sends back. `silent`: the carrier has not scanned it yet. `heard_at`: the newest scan."""

    parcel_id: UUID
    carrier: str
    carrier_name: str
    waybill_no: str
    state: str
    status_name: str
    problem: str
    sent_at: datetime | None
    delivered_at: datetime | None
    scans: tuple[ScanLine, ...]

    @property
    def silent(self) -> bool:
        return self.state == "shipped"

    @property
    def heard_at(self) -> datetime | None:
        return self.scans[0].at if self.scans else None


def return_track(parcel_id: UUID) -> ReturnTrack:
    """Scans newest first. In a merchant_scope."""
    parcel = ReturnParcel.objects.get(pk=parcel_id)
    rows = ReturnScan.objects.filter(parcel=parcel).order_by("-scanned_at", "-id")
    scans = tuple(_line(row) for row in rows)
    if parcel.state == "delivered":
        status = str(STATUS_NAMES[Status.DELIVERED])
    else:
        status = str(STATUS_NAMES.get(scans[0].status, scans[0].status)) if scans else _("Not scanned yet")
    return ReturnTrack(
        parcel.id,
        parcel.carrier,
        str(CARRIERS.get(parcel.carrier, parcel.carrier)),
        parcel.waybill_no,
        parcel.state,
        status,
        parcel.problem,
        parcel.shipped_at,
        parcel.delivered_at,
        scans,
    )


def _line(row: ScanRow) -> ScanLine:
    name = str(STATUS_NAMES.get(row.status, row.status))
    return ScanLine(row.scanned_at, row.status, name, row.text, row.area)


def _scans(parcel_ids: list[UUID]) -> defaultdict[UUID, list[ScanLine]]:
    found: defaultdict[UUID, list[ScanLine]] = defaultdict(list)
    for row in TrackingEvent.objects.filter(parcel_id__in=parcel_ids).order_by("-scanned_at", "-id"):
        found[row.parcel_id].append(_line(row))
    return found


def _tracking(parcel: Parcel, scans: list[ScanLine], confirm_by: datetime | None) -> Tracking:
    newest = scans[0].status if scans else ""
    return Tracking(
        parcel.id,
        parcel.carrier,
        str(CARRIERS.get(parcel.carrier, parcel.carrier)),
        parcel.waybill_no,
        parcel.state,
        _status_name(parcel, newest),
        _what_next(parcel.state, newest),
        confirm_by,
        parcel.shipped_at,
        parcel.delivered_at,
        tuple(scans),
    )


def _status_name(parcel: Parcel, newest: str) -> str:
    if parcel.state == "delivered":
        return str(STATUS_NAMES[Status.DELIVERED])
    if parcel.state == "requested":
        return _("Packed")
    return str(STATUS_NAMES.get(newest, STATUS_NAMES[Status.ORDERED]))


def _what_next(state: str, newest: str) -> str:
    if state == "delivered":
        return _("The parcel has arrived. Please look at the goods and confirm receipt.")
    if state == "requested":
        return _("The parcel is packed. The carrier gives it a waybill number next.")
    if newest in ATTENTION:
        return _("Something went wrong on the way. The shop sees this and will get in touch with you.")
    if newest == Status.TO_COLLECT:
        return _("The parcel waits for you. Please pick it up.")
    if newest == Status.DELIVERING:
        return _("The courier is on the way to you. Please keep your phone at hand.")
    if state == "shipped":
        return _("The carrier collects the parcel next.")
    return _("The parcel is on its way. Each stop is shown here.")
