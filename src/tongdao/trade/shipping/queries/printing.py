"""What is printed: labels for the parcels, what to fetch from the shelves, what lies in each parcel.

Labels keep the waybill rule (rulebook, `foundation.pii.masks`): of the name the first character, of the phone
five digits, of the address nothing from the house on. The carrier knows the rest from the booking, and its
courier's app shows it. Nothing printed says what somebody bought but the note inside the parcel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.pii import mask_address, mask_name, mask_phone
from tongdao.rulebook import divisions
from tongdao.trade.orders.models import DeliveryAddress
from tongdao.trade.shipping.accounts import sender_of
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import CarrierAccount, DispatchItem, Parcel, ParcelItem
from tongdao.trade.shipping.states import LEFT

MOST = 500  # parcels printed at once


@dataclass(frozen=True, slots=True)
class PrintedParty:
    """A sender or receiver as a label may show it."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Label:
    """One waybill. `sorting` are the carrier's own large words, or the receiver's city and district."""

    parcel_id: UUID
    order_number: str
    carrier_name: str
    waybill_no: str
    sorting: str
    receiver: PrintedParty
    sender: PrintedParty | None
    shipped_at: datetime | None


@dataclass(frozen=True, slots=True)
class PackedLine:
    """Units of a SKU, in one parcel or in all of them."""

    title: str
    option_text: str
    sku_code: str
    picture: str
    units: int


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """What lies in one parcel, and for whom (masked)."""

    order_number: str
    placed_at: datetime
    carrier_name: str
    waybill_no: str
    receiver: PrintedParty
    lines: tuple[PackedLine, ...]

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)


def printable(
    *, dispatch_id: UUID | None = None, parcel_ids: Sequence[UUID] = (), order_id: UUID | None = None
) -> list[UUID]:
    """Parcels that have their waybill and are still here or under way, in the order they were asked for."""
    rows = Parcel.objects.filter(state__in=LEFT).exclude(waybill_no="")
    if dispatch_id is not None:
        items = DispatchItem.objects.filter(dispatch_id=dispatch_id, parcel__isnull=False)
        parcel_ids = list(items.order_by("position").values_list("parcel_id", flat=True))
    if order_id is not None:
        return list(
            rows.filter(order_id=order_id).order_by("requested_at", "id").values_list("id", flat=True)
        )
    found = set(rows.filter(id__in=list(parcel_ids)[:MOST]).values_list("id", flat=True))
    return [id for id in parcel_ids if id in found]


def labels(parcel_ids: Sequence[UUID]) -> list[Label]:
    """In the given order. In a merchant_scope."""
    parcels, to = _parcels(parcel_ids)
    sent = CarrierAccount.objects.exists()
    return [_label(parcel, to[parcel.order.purchase_id], sent=sent) for parcel in parcels]


def packing_list(parcel_ids: Sequence[UUID]) -> list[PackedLine]:
    """All units to fetch, by SKU: those of the same code stand together."""
    together: dict[tuple[str, str, str], PackedLine] = {}
    for lines in _lines(parcel_ids).values():
        for line in lines:
            key = (line.sku_code, line.title, line.option_text)
            before = together[key].units if key in together else 0
            together[key] = PackedLine(
                line.title, line.option_text, line.sku_code, line.picture, before + line.units
            )
    return [together[key] for key in sorted(together)]


def delivery_notes(parcel_ids: Sequence[UUID]) -> list[DeliveryNote]:
    """In the given order."""
    parcels, to = _parcels(parcel_ids)
    lines = _lines(parcel_ids)
    return [
        DeliveryNote(
            parcel.order.number,
            parcel.order.placed_at,
            str(CARRIERS.get(parcel.carrier, parcel.carrier)),
            parcel.waybill_no,
            _receiver(to[parcel.order.purchase_id]),
            tuple(lines[parcel.id]),
        )
        for parcel in parcels
    ]


def _parcels(ids: Sequence[UUID]) -> tuple[list[Parcel], dict[UUID, DeliveryAddress]]:
    found = {row.id: row for row in Parcel.objects.filter(id__in=list(ids)).select_related("order")}
    parcels = [found[id] for id in ids if id in found]
    purchases = [parcel.order.purchase_id for parcel in parcels]
    rows = DeliveryAddress.objects.filter(purchase_id__in=purchases)
    return parcels, {row.purchase_id: row for row in rows}


def _lines(ids: Sequence[UUID]) -> defaultdict[UUID, list[PackedLine]]:
    rows = ParcelItem.objects.filter(parcel_id__in=list(ids)).select_related("allocation__line")
    found: defaultdict[UUID, list[PackedLine]] = defaultdict(list)
    for row in rows.order_by("allocation__line__position", "id"):
        line = row.allocation.line
        found[row.parcel_id].append(
            PackedLine(line.title, line.option_text, line.sku_code, line.picture, row.quantity)
        )
    return found


def _label(parcel: Parcel, to: DeliveryAddress, *, sent: bool) -> Label:
    sender = sender_of(parcel.requested_at) if sent else None
    area = divisions.full_name(to.division_code, to.division_version)
    return Label(
        parcel.id,
        parcel.order.number,
        str(CARRIERS.get(parcel.carrier, parcel.carrier)),
        parcel.waybill_no,
        parcel.sorting or area,
        _receiver(to),
        PrintedParty(sender.name, mask_phone(sender.phone), mask_address(sender.address)) if sender else None,
        parcel.shipped_at,
    )


def _receiver(to: DeliveryAddress) -> PrintedParty:
    area = divisions.full_name(to.division_code, to.division_version)
    return PrintedParty(mask_name(to.recipient), mask_phone(to.phone), area + mask_address(to.detail))
