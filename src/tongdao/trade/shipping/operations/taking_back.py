"""Where goods go back to, and by which waybill a buyer sends them."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.idempotency import key_id, lock_keys
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.network.models import Partner
from tongdao.trade.orders.operations.preparing import check_address
from tongdao.trade.orders.wishing import Address
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.events import ReturnAddressEnded, ReturnAddressSet
from tongdao.trade.shipping.models import Parcel, ReturnAddress, ReturnParcel
from tongdao.trade.shipping.models.returns import LONGEST_NOTE
from tongdao.trade.shipping.operations.packing import SALT_LENGTH, TOKEN_LENGTH, WAYBILL
from tongdao.trade.shipping.refusals import (
    BadWaybill,
    ReturnNoteTooLong,
    UnknownCarrier,
    WaybillOfShop,
    WaybillTaken,
)


def set_return_address(
    address: Address, *, note: str = "", node_id: UUID | None = None, actor: Actor
) -> ReturnAddress:
    """From now on goods go back there: what `node_id` ships, or all that has no address of its own. The one
    before it ends and is kept; the same one again changes nothing.

    Raises AddressInvalid, ReturnNoteTooLong, NotFound.
    """
    clean, note = check_address(address), note.strip()
    if len(note) > LONGEST_NOTE:
        raise ReturnNoteTooLong(most=LONGEST_NOTE)
    if node_id and not Partner.objects.filter(pk=node_id).exists():
        raise NotFound()
    before = _current(node_id)
    if before and (_address_of(before), before.note) == (clean, note):
        return before
    if before:
        _end(before)
    row = ReturnAddress.objects.create(
        node_id=node_id,
        recipient=clean.recipient,
        phone=clean.phone,
        detail=clean.detail,
        division_code=clean.division_code,
        division_version=clean.division_version,
        note=note,
        staff_id=actor.id if actor.kind == "staff" else None,
        effective_from=clock.now(),
    )
    record(ReturnAddressSet(row.id, node_id), subject=row, actor=actor)
    return row


def end_return_address(address_id: UUID, *, actor: Actor) -> None:
    """Goods go back there no more. Cases keep what was shown. Raises NotFound; ended already is well."""
    row = ReturnAddress.objects.filter(pk=address_id).first()
    if row is None:
        raise NotFound()
    row = _current(row.node_id)
    if row is None or row.id != address_id:
        return
    _end(row)
    record(ReturnAddressEnded(row.id, row.node_id), subject=row, actor=actor)


def _current(node_id: UUID | None) -> ReturnAddress | None:
    """Under the lock of who sets it."""
    lock_keys([key_id("return_address", f"{current_merchant()} {node_id or ''}")])
    return ReturnAddress.objects.filter(node_id=node_id, effective_to__isnull=True).first()


def _end(row: ReturnAddress) -> None:
    row.effective_to = clock.now()
    row.save(update_fields=["effective_to"])


def _address_of(row: ReturnAddress) -> Address:
    return Address(row.recipient, row.phone, row.detail, row.division_code, row.division_version)


def take_back_by(person_id: UUID, carrier: str, waybill_no: str, phone: str) -> ReturnParcel:
    """The waybill by which this buyer sends goods back, to be followed from now on. The same one again is the
    same parcel: a buyer may send the goods of several cases in one. `waybill_no` as it was checked.

    Raises UnknownCarrier, BadWaybill, WaybillOfShop, WaybillTaken.
    """
    if carrier not in CARRIERS:
        raise UnknownCarrier(carrier=carrier[:24])
    if not WAYBILL.fullmatch(waybill_no):
        raise BadWaybill()
    lock_keys([key_id("return_parcel", f"{current_merchant()} {carrier} {waybill_no}")])
    if Parcel.objects.filter(carrier=carrier, waybill_no=waybill_no).exclude(state="void").exists():
        raise WaybillOfShop()
    known = ReturnParcel.objects.filter(carrier=carrier, waybill_no=waybill_no).first()
    if known and known.person_id != person_id:
        raise WaybillTaken()
    return known or _make(person_id, carrier, waybill_no, phone)


def _make(person_id: UUID, carrier: str, waybill_no: str, phone: str) -> ReturnParcel:
    now = clock.now()
    parcel = ReturnParcel.objects.create(
        person_id=person_id,
        carrier=carrier,
        waybill_no=waybill_no,
        phone=phone,
        callback_token=token(TOKEN_LENGTH),
        callback_salt=token(SALT_LENGTH),
        shipped_at=now,
        check_at=now,
    )
    directory.register("callback", parcel.callback_token, current_merchant(), parcel.id)
    return parcel
