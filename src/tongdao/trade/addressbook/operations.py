"""A buyer's own addresses at a merchant. The first one is the default, and there always is one."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.trade.addressbook.models import KeptAddress
from tongdao.trade.addressbook.queries import kept_addresses
from tongdao.trade.addressbook.refusals import AddressBookFull
from tongdao.trade.orders.operations.preparing import check_address
from tongdao.trade.orders.wishing import Address

MOST = 20  # of one person at one merchant


def keep_address(person_id: UUID, address: Address, *, default: bool = False) -> UUID:
    """A new one, or the same one where the book has it. Raises AddressInvalid or AddressBookFull."""
    clean = check_address(address)
    book = kept_addresses(person_id)
    found = next((row for row in book if _address_of(row) == clean), None)
    if found is None and len(book) >= MOST:
        raise AddressBookFull(most=MOST)
    row = found or _write(KeptAddress(person_id=person_id, kept_at=clock.now()), clean)
    if default or not book:
        make_address_default(person_id, row.id)
    return row.id


def change_address(person_id: UUID, address_id: UUID, address: Address) -> None:
    """Orders that were placed keep what they were placed with. Raises NotFound or AddressInvalid."""
    _write(_find(person_id, address_id), check_address(address))


def make_address_default(person_id: UUID, address_id: UUID) -> None:
    """Of two at once the later one wins; there never are two. Raises NotFound."""
    _find(person_id, address_id)
    book = KeptAddress.objects.filter(person_id=person_id)
    list(book.select_for_update().order_by("id").values_list("id"))
    book.filter(is_default=True).exclude(pk=address_id).update(is_default=False)
    book.filter(pk=address_id).update(is_default=True)


def delete_address(person_id: UUID, address_id: UUID) -> None:
    """After the default one, the latest that is left becomes it. Raises NotFound."""
    row = _find(person_id, address_id)
    row.delete()
    left = kept_addresses(person_id) if row.is_default else []
    if left:
        make_address_default(person_id, left[0].id)


def _find(person_id: UUID, address_id: UUID) -> KeptAddress:
    row = KeptAddress.objects.filter(pk=address_id, person_id__same_as=person_id).first()
    if row is None:
        raise NotFound()
    return row


def _write(row: KeptAddress, clean: Address) -> KeptAddress:
    row.recipient, row.phone, row.detail = clean.recipient, clean.phone, clean.detail
    row.division_code, row.division_version = clean.division_code, clean.division_version
    row.save()
    return row


def _address_of(row: KeptAddress) -> Address:
    return Address(row.recipient, row.phone, row.detail, row.division_code, row.division_version)
