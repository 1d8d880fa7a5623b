"""Taking scans in: each one once, in whatever order they come; the state only moves forward."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.trade.shipping.carriers import ATTENTION, OVER, Status
from tongdao.trade.shipping.events import (
    ParcelDelivered,
    ParcelMoved,
    ReturnParcelDelivered,
    ReturnParcelMoved,
)
from tongdao.trade.shipping.gateway import Scan, Trace
from tongdao.trade.shipping.models import Parcel, ReturnParcel, ReturnScan, TrackingEvent
from tongdao.trade.shipping.operations.waiting import SILENCE
from tongdao.trade.shipping.states import FOLLOWED, PARCEL, RETURN_PARCEL
from tongdao.trade.shipping.traces import fingerprint

MOST_KEPT = 1000  # scans of one parcel; what a carrier tells beyond that is not kept


def lock_parcel(parcel_id: UUID) -> Parcel:
    """The parcel, read under its lock."""
    lock_rows(Rank.PARCEL, Parcel, [parcel_id])
    return Parcel.objects.get(id=parcel_id)


def lock_return(parcel_id: UUID) -> ReturnParcel:
    """The same of one that comes back."""
    lock_rows(Rank.PARCEL, ReturnParcel, [parcel_id])
    return ReturnParcel.objects.get(id=parcel_id)


def apply_trace(parcel: Parcel | ReturnParcel, trace: Trace, *, actor: Actor) -> int:
    """Store the scans that are new, move the state, record it; returns how many were new.

    The caller holds the parcel's lock and has checked that the trace is the parcel's. Nothing but the parcel
    moves here: what follows from it for an order or a case comes from the events.
    """
    now, before = clock.now(), parcel.state
    fresh = _fresh(parcel, trace)
    _keep(parcel, fresh, now)
    _move(parcel, trace, now)
    parcel.refresh_from_db()
    newest = parcel.scans.order_by("-scanned_at", "-id").first()
    if fresh and newest is not None:
        _look_after(parcel, Status(newest.status), now)
        moved = _moved(parcel, Code(newest.status), len(fresh))
        record(moved, subject=parcel, actor=actor, old={"state": before}, new={"state": parcel.state})
    if parcel.state == "delivered" != before:
        record(_delivered(parcel), subject=parcel, actor=actor)
    return len(fresh)


def _moved(parcel: Parcel | ReturnParcel, newest: Code, scans: int) -> ParcelMoved | ReturnParcelMoved:
    if isinstance(parcel, ReturnParcel):
        return ReturnParcelMoved(parcel.id, newest, scans)
    return ParcelMoved(parcel.id, parcel.order_id, newest, scans)


def _delivered(parcel: Parcel | ReturnParcel) -> ParcelDelivered | ReturnParcelDelivered:
    if isinstance(parcel, ReturnParcel):
        return ReturnParcelDelivered(parcel.id)
    return ParcelDelivered(parcel.id, parcel.order_id)


def _fresh(parcel: Parcel | ReturnParcel, trace: Trace) -> dict[bytes, Scan]:
    """The scans that are not stored yet, oldest first, by fingerprint; traces come newest first."""
    known = {bytes(mark) for mark in parcel.scans.values_list("fingerprint", flat=True)}
    told = list(trace.scans)
    told.reverse()  # so that the order of two scans in the same second is kept
    told.sort(key=lambda scan: scan.at)
    fresh = {mark: scan for scan in told if (mark := fingerprint(scan)) not in known}
    return dict(list(fresh.items())[: max(0, MOST_KEPT - len(known))])


def _keep(parcel: Parcel | ReturnParcel, fresh: Mapping[bytes, Scan], now: datetime) -> None:
    columns = [_columns(mark, scan, now) for mark, scan in fresh.items()]
    if isinstance(parcel, ReturnParcel):
        ReturnScan.objects.bulk_create([ReturnScan(parcel=parcel, **each) for each in columns])
    else:
        TrackingEvent.objects.bulk_create([TrackingEvent(parcel=parcel, **each) for each in columns])


def _columns(mark: bytes, scan: Scan, now: datetime) -> dict[str, Any]:
    return {
        "fingerprint": mark,
        "status": scan.status,
        "text": scan.text,
        "area": scan.area,
        "scanned_at": scan.at,
        "received_at": now,
    }


def _move(parcel: Parcel | ReturnParcel, trace: Trace, now: datetime) -> None:
    if parcel.state not in FOLLOWED:
        return
    signed = [scan.at for scan in trace.scans if scan.status == Status.DELIVERED]
    if signed:
        changes = {"delivered_at": min(max(signed), now), "check_at": None, "problem": ""}
        _arrive(parcel, changes)
    elif parcel.state == "shipped" and any(scan.status != Status.ORDERED for scan in trace.scans):
        _set_off(parcel)


def _arrive(parcel: Parcel | ReturnParcel, changes: Mapping[str, Any]) -> None:
    ids = [parcel.id]
    if isinstance(parcel, ReturnParcel):
        if not claim(RETURN_PARCEL, "shipped", "delivered", ReturnParcel, ids, **changes):
            claim(RETURN_PARCEL, "in_transit", "delivered", ReturnParcel, ids, **changes)
    elif parcel.state == "shipped":
        claim(PARCEL, "shipped", "delivered", Parcel, ids, **changes)
    else:
        claim(PARCEL, "in_transit", "delivered", Parcel, ids, **changes)


def _set_off(parcel: Parcel | ReturnParcel) -> None:
    if isinstance(parcel, ReturnParcel):
        claim(RETURN_PARCEL, "shipped", "in_transit", ReturnParcel, [parcel.id])
    else:
        claim(PARCEL, "shipped", "in_transit", Parcel, [parcel.id])


def _look_after(parcel: Parcel | ReturnParcel, newest: Status, now: datetime) -> None:
    """A parcel that is heard of need not be asked about for a while; trouble is shown to the merchant."""
    if parcel.state not in FOLLOWED:
        return
    parcel.check_at = None if newest in OVER else now + SILENCE
    parcel.problem = newest.value if newest in ATTENTION else ""
    parcel.tries = 1
    parcel.save(update_fields=["check_at", "problem", "tries"])
