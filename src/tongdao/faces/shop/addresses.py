"""The delivery address as it is typed: kept as it is, checked by trade.orders, each problem at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.shop.regions import Region, read_region, region_of
from tongdao.faces.shop.typed import text
from tongdao.rulebook import divisions
from tongdao.trade.addressbook.models import KeptAddress
from tongdao.trade.addressbook.queries import kept_addresses
from tongdao.trade.orders.models import DeliveryAddress
from tongdao.trade.orders.operations.preparing import check_address
from tongdao.trade.orders.refusals import AddressInvalid
from tongdao.trade.orders.wishing import Address

# A right value for each field, to go on looking behind one that is wrong.
RIGHT = {"recipient": "同道", "phone": "13800000000", "detail": "同道路 1 号", "division_code": "110101"}

NOWHERE = Region()


@dataclass(frozen=True, slots=True)
class AddressTyped:
    recipient: str = ""
    phone: str = ""
    detail: str = ""
    region: Region = NOWHERE

    @property
    def address(self) -> Address:
        return Address(self.recipient, self.phone, self.detail, self.region.code, divisions.VERSION)


def read_address(data: Mapping[str, object]) -> AddressTyped:
    return AddressTyped(text(data, "recipient"), text(data, "phone"), text(data, "detail"), read_region(data))


def typed_of(row: DeliveryAddress | KeptAddress) -> AddressTyped:
    return AddressTyped(row.recipient, row.phone, row.detail, region_of(row.division_code))


def place_text(row: KeptAddress) -> str:
    """Where it is, in one line."""
    try:
        region = divisions.full_name(row.division_code, row.division_version)
    except (divisions.UnknownDivision, divisions.UnknownVersion):
        region = ""
    return f"{region} {row.detail}".strip()


def last_address(person_id: UUID) -> AddressTyped:
    """The default of this buyer's own addresses, or where its latest purchase here went: not typed again."""
    for kept in kept_addresses(person_id)[:1]:
        return typed_of(kept)
    row = (
        DeliveryAddress.objects.filter(person_id__same_as=person_id, erased_at__isnull=True)
        .order_by("-id")
        .first()
    )
    return typed_of(row) if row else AddressTyped()


def problems(typed: AddressTyped) -> dict[str, str]:
    """What is wrong, by field, in words; nothing when the address can be used."""
    address, found = typed.address, {}
    for _round in RIGHT:
        try:
            check_address(address)
            break
        except AddressInvalid as refusal:
            field = str(refusal.details["field"])
            found[field] = _words(field)
            address = replace(address, **{field: RIGHT[field]})
    return found


def _words(field: str) -> str:
    return {
        "recipient": _("Write who receives it, in 1 to 40 characters."),
        "phone": _("A mobile number has 11 digits and begins with 1."),
        "detail": _("Write street, number and room, in 2 to 200 characters."),
        "division_code": _("Choose down to the district or county."),
    }[field]
