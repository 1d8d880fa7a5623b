"""The moment in which a parcel has its waybill: its goods leave the stock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.goods.inventory.operations.shipping import ship_units
from tongdao.rulebook import trade
from tongdao.trade.orders.models import Allocation
from tongdao.trade.orders.operations import set_confirm_deadline
from tongdao.trade.shipping.events import ParcelShipped
from tongdao.trade.shipping.gateway import Waybill
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.refusals import WaybillTaken
from tongdao.trade.shipping.states import LEFT, PARCEL


def mark_shipped(parcel: Parcel, waybill: Waybill, *, actor: Actor) -> bool:
    """Claim the parcel as shipped under the order's lock, which the caller holds; False when it was already.

    Raises WaybillTaken.
    """
    lock_rows(Rank.PARCEL, Parcel, [parcel.id])
    now = clock.now()
    changes = {
        "waybill_no": waybill.number,
        "gateway_order": waybill.order_no,
        "sorting": waybill.sorting,
        "shipped_at": now,
        "check_at": now,
        "tries": 0,
        "problem": "",
    }
    try:
        with transaction.atomic():
            claimed = claim(PARCEL, "requested", "shipped", Parcel, [parcel.id], **changes)
    except IntegrityError as error:
        raise WaybillTaken(parcel) from error
    if not claimed:
        return False
    parcel.refresh_from_db()
    _leave_stock(parcel)
    last = not _not_left(parcel.order_id)
    if last:
        set_confirm_deadline(parcel.order_id, _confirm_by(now))
    payload = ParcelShipped(parcel.id, parcel.order_id, Code(parcel.carrier), last)
    record(payload, subject=parcel, actor=actor, old={"state": "requested"}, new={"state": "shipped"})
    return True


def _leave_stock(parcel: Parcel) -> None:
    """Reservations share their id with the allocations."""
    units = dict(ParcelItem.objects.filter(parcel=parcel).values_list("allocation_id", "quantity"))
    ship_units(units, consumed=units.keys() - _not_left(parcel.order_id), source=parcel.id)


def _not_left(order_id: UUID) -> set[UUID]:
    """Allocations of which units have not left yet; those in parcels without a waybill have not."""
    left = Coalesce(Sum("items__quantity", filter=Q(items__parcel__state__in=LEFT)), 0)
    rows = Allocation.objects.filter(line__order_id=order_id).annotate(left=left)
    return set(rows.filter(quantity__gt=F("cancelled") + F("left")).values_list("id", flat=True))


def units_given_up(order_id: UUID) -> set[UUID]:
    """Some units are not to be shipped any more. If all that is left has left, the time for confirming runs.

    Returns the allocations that still have something to leave. The caller holds the order's lock.
    """
    still = _not_left(order_id)
    if not still and Parcel.objects.filter(order_id=order_id, state__in=LEFT).exists():
        set_confirm_deadline(order_id, _confirm_by(clock.now()))
    return still


def _confirm_by(shipped_at: datetime) -> datetime:
    """All has left: the time runs after which receipt is confirmed by itself."""
    return shipped_at + trade.AUTO_CONFIRM_EXPRESS.on(shipped_at)
