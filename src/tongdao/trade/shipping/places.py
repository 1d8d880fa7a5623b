"""Where goods go back to."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from uuid import UUID

from tongdao.party.merchants.queries import company_profile
from tongdao.rulebook import divisions
from tongdao.trade.shipping.accounts import sender_now
from tongdao.trade.shipping.models import ReturnAddress


@dataclass(frozen=True, slots=True)
class Place:
    """As a buyer writes it on the parcel. `note` is what the shop asks for besides."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    note: str = ""


def place_of(row: ReturnAddress) -> Place:
    try:
        region = divisions.full_name(row.division_code, row.division_version)
    except (divisions.UnknownDivision, divisions.UnknownVersion):
        region = ""
    return Place(row.recipient, row.phone, f"{region} {row.detail}".strip(), row.note)


def place_for(nodes: Collection[UUID]) -> Place | None:
    """Where what these stock owners shipped goes back to. In a merchant_scope.

    Who owns the stock takes it back, if it says where; goods of several owners, and of those who say nothing,
    go to the shop's own address. Where the shop has set none, parcels go back to where they come from: the
    sender on its waybills, else the company. None where nothing of it is known.
    """
    rows = {row.node_id: row for row in current_addresses()}
    own = rows.get(next(iter(nodes))) if len(set(nodes)) == 1 else None
    if row := own or rows.get(None):
        return place_of(row)
    if sender := sender_now():
        return Place(sender.name, sender.phone, sender.address)
    company = company_profile()
    if company and company.legal_name and company.service_phone and company.legal_address:
        return Place(company.legal_name, company.service_phone, company.legal_address)
    return None


def current_addresses() -> list[ReturnAddress]:
    """Those in force, the one for all others first."""
    rows = ReturnAddress.objects.filter(effective_to__isnull=True).select_related("node")
    return sorted(rows, key=lambda row: (row.node_id is not None, row.effective_from))


def past_addresses(limit: int = 50) -> list[ReturnAddress]:
    """Those that ended, the latest first."""
    rows = ReturnAddress.objects.filter(effective_to__isnull=False).select_related("node")
    return list(rows.order_by("-effective_to", "-id")[:limit])


def kept(place: Place) -> str:
    """As a case keeps it."""
    return json.dumps(asdict(place), ensure_ascii=False)


def as_kept(text: str) -> Place | None:
    """The same read back."""
    return Place(**json.loads(text)) if text else None
