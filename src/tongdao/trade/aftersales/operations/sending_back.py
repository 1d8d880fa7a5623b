"""The goods' way back: where to, by which waybill, and what the carrier tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import CARRIER, Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.rulebook.returns import CHECK_SIGNED
from tongdao.trade.aftersales.events import (
    AfterSaleReturnCorrected,
    AfterSaleReturnSigned,
    AfterSaleReturnSilent,
)
from tongdao.trade.aftersales.models import AfterSale, AfterSaleItem
from tongdao.trade.aftersales.operations.moving import clock_of, lock_case, moved, undisputed
from tongdao.trade.aftersales.refusals import CaseMoved, WaybillMissing
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.shipping.carriers import carrier_of
from tongdao.trade.shipping.models import ReturnParcel
from tongdao.trade.shipping.operations.scanning import lock_return
from tongdao.trade.shipping.operations.taking_back import take_back_by
from tongdao.trade.shipping.places import Place, as_kept, kept, place_for

WAYBILL = re.compile(r"[A-Z0-9]{6,32}")


def checked_waybill(waybill_no: str) -> str:
    """The number in capitals, without blanks and hyphens. Raises WaybillMissing."""
    number = re.sub(r"[\s-]", "", waybill_no).upper()
    if not number.isascii() or not WAYBILL.fullmatch(number):
        raise WaybillMissing()
    return number


def place_of_case(case: AfterSale) -> Place | None:
    """Where its goods go back to: as it was shown when the case was agreed to; where nothing was known then,
    what is known now.
    """
    return as_kept(case.back_to or "") or _place_now(case)


def _place_now(case: AfterSale) -> Place | None:
    lines = AfterSaleItem.objects.filter(aftersale=case).values("line_id")
    nodes = Allocation.objects.filter(line_id__in=lines).values_list("node_id", flat=True)
    return place_for(set(nodes))


def back_to(case: AfterSale) -> Mapping[str, Any]:
    """The column that keeps where the goods of a case go back to that is agreed to now."""
    field = AfterSale._meta.get_field("back_to")
    assert isinstance(field, EncryptedTextField)
    place = _place_now(case)
    return {"back_to": field.seal(kept(place)) if place else None}


def send_back(case_id: UUID, carrier: str, waybill_no: str, *, actor: Actor) -> AfterSale:
    """The goods are on their way to the seller, and followed. `carrier` may be empty where the number tells.

    Raises NotFound, WaybillMissing, UnknownCarrier, WaybillOfShop, WaybillTaken, CaseDisputed, CaseMoved.
    """
    parcel = _parcel(case_id, carrier, waybill_no, actor)
    case = undisputed(lock_case(case_id, person_id=actor.id))
    now = clock.now()
    changes = {**_by(parcel), "sent_at": now, **clock_of(case, "returning", now)}
    claimed = claim(AFTER_SALE, "agreed", "returning", AfterSale, [case.id], **changes)
    case = moved(case, claimed, "buyer", actor=actor)
    return _signed_already(case, parcel.id)


def correct_waybill(case_id: UUID, carrier: str, waybill_no: str, *, actor: Actor) -> AfterSale:
    """The buyer gave a wrong number; the seller's time begins anew. The same one again changes nothing.

    Raises as send_back; CaseMoved once it was signed for.
    """
    parcel = _parcel(case_id, carrier, waybill_no, actor)
    case = undisputed(lock_case(case_id, person_id=actor.id))
    if case.state != "returning" or case.signed_at:
        raise CaseMoved(state=case.state)
    if case.return_parcel_id == parcel.id:
        return case
    now = clock.now()
    changes = {**_by(parcel), "sent_at": now, **clock_of(case, "returning", now)}
    AfterSale.objects.filter(pk=case.id).update(**changes)
    case.refresh_from_db()
    record(AfterSaleReturnCorrected(case.order_id, case.person_id), subject=case, actor=actor)
    return _signed_already(case, parcel.id)


def _parcel(case_id: UUID, carrier: str, waybill_no: str, actor: Actor) -> ReturnParcel:
    """Before the order is locked: the number's own lock comes first in the one order of locks."""
    number = checked_waybill(waybill_no)
    case = AfterSale.objects.filter(pk=case_id, person_id__same_as=actor.id).first()
    if case is None:
        raise NotFound()
    place = place_of_case(case)
    return take_back_by(case.person_id, carrier or carrier_of(number), number, place.phone if place else "")


def _by(parcel: ReturnParcel) -> dict[str, Any]:
    """What was told of another waybill, also of an earlier way back of the case, is not told of this one."""
    told = {"signed_at": None, "silent_told_at": None}
    by = {"carrier": parcel.carrier, "waybill_no": parcel.waybill_no, "return_parcel_id": parcel.id}
    return {**by, **told}


def _signed_already(case: AfterSale, parcel_id: UUID) -> AfterSale:
    """A second case whose goods came in the same parcel. The parcel's lock is held until the end: who signs
    for it afterwards finds the case.
    """
    parcel = lock_return(parcel_id)
    if parcel.delivered_at is not None:
        _sign(case, parcel.delivered_at)
        case.refresh_from_db()
    return case


def return_signed(parcel_id: UUID) -> int:
    """The carrier has handed a return over; how many cases it is news to. Doing it again changes nothing."""
    parcel = ReturnParcel.objects.filter(pk=parcel_id, delivered_at__isnull=False).first()
    if parcel is None or parcel.delivered_at is None:
        return 0
    waiting = AfterSale.objects.filter(return_parcel_id=parcel_id, state="returning", signed_at__isnull=True)
    lock_rows(Rank.ORDER, Order, set(waiting.values_list("order_id", flat=True)))
    return sum(_sign(case, parcel.delivered_at) for case in waiting.order_by("id"))


def _sign(case: AfterSale, at: datetime) -> bool:
    """The seller's time to look at it begins; the caller holds the order's lock. What was handed over before
    the case was opened is not what the case is about.
    """
    if not case.tells_of(at) or case.state != "returning" or case.signed_at is not None:
        return False
    within = CHECK_SIGNED.on(case.opened_at)
    if case.paused_left is not None:
        time: dict[str, Any] = {"paused_left": within}
    else:
        time = {"due_at": clock.now() + within, "warned_at": None}
    AfterSale.objects.filter(pk=case.id).update(signed_at=at, **time)
    case.refresh_from_db()
    payload = AfterSaleReturnSigned(case.order_id, case.person_id, case.return_parcel_id or UUID(int=0))
    record(payload, subject=case, actor=CARRIER)
    return True


def tell_silent(case_id: UUID, before: datetime) -> None:
    """Tell the buyer, once for each number, that no scan of it was heard of. In the open scope."""
    case = lock_case(case_id)
    if case.state != "returning" or case.signed_at or case.silent_told_at or case.paused_left is not None:
        return
    if case.sent_at is None or case.sent_at > before or case.return_parcel_id is None:
        return
    AfterSale.objects.filter(pk=case.id).update(silent_told_at=clock.now())
    if ReturnParcel.objects.filter(pk=case.return_parcel_id, state="shipped", problem="").exists():
        record(AfterSaleReturnSilent(case.order_id, case.person_id), subject=case, actor=CARRIER)
