"""Taking scans in: each one once, in whatever order they come; the state only moves forward."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.trade.shipping.carriers import ATTENTION, OVER, Status
from tongdao.trade.shipping.events import ParcelDelivered, ParcelMoved
from tongdao.trade.shipping.gateway import Scan, Trace
from tongdao.trade.shipping.models import Parcel, TrackingEvent
from tongdao.trade.shipping.operations.waiting import SILENCE
from tongdao.trade.shipping.states import FOLLOWED, PARCEL
from tongdao.trade.shipping.traces import fingerprint

MOST_KEPT = 1000  # scans of one parcel; what a carrier tells beyond that is not kept


def lock_parcel(parcel_id: UUID) -> Parcel:
    """The parcel, read under its lock."""
    lock_rows(Rank.PARCEL, Parcel, [parcel_id])
    return Parcel.objects.get(id=parcel_id)


def apply_trace(parcel: Parcel, trace: Trace, *, actor: Actor) -> int:
    """Store the scans that are new, move the state, record it; returns how many were new.

    The caller holds the parcel's lock and has checked that the trace is the parcel's.
    """
    now, before = clock.now(), parcel.state
    fresh = _fresh(parcel, trace)
    TrackingEvent.objects.bulk_create([_row(parcel, mark, scan, now) for mark, scan in fresh.items()])
    _move(parcel, trace, now)
    parcel.refresh_from_db()
    newest = TrackingEvent.objects.filter(parcel=parcel).order_by("-scanned_at", "-id").first()
    if fresh and newest is not None:
        _look_after(parcel, Status(newest.status), now)
        moved = ParcelMoved(parcel.id, parcel.order_id, Code(newest.status), len(fresh))
        record(moved, subject=parcel, actor=actor, old={"state": before}, new={"state": parcel.state})
    if parcel.state == "delivered" != before:
        record(ParcelDelivered(parcel.id, parcel.order_id), subject=parcel, actor=actor)
    return len(fresh)


def _fresh(parcel: Parcel, trace: Trace) -> dict[bytes, Scan]:
    """The scans that are not stored yet, oldest first, by fingerprint; traces come newest first."""
    known = {bytes(mark) for mark in parcel.scans.values_list("fingerprint", flat=True)}
    told = list(trace.scans)
    told.reverse()  # so that the order of two scans in the same second is kept
    told.sort(key=lambda scan: scan.at)
    fresh = {mark: scan for scan in told if (mark := fingerprint(scan)) not in known}
    return dict(list(fresh.items())[: max(0, MOST_KEPT - len(known))])


def _row(parcel: Parcel, mark: bytes, scan: Scan, now: datetime) -> TrackingEvent:
    return TrackingEvent(
        parcel=parcel,
        fingerprint=mark,
        status=scan.status,
        text=scan.text,
        area=scan.area,
        scanned_at=scan.at,
        received_at=now,
    )


def _move(parcel: Parcel, trace: Trace, now: datetime) -> None:
    if parcel.state not in FOLLOWED:
        return
    signed = [scan.at for scan in trace.scans if scan.status == Status.DELIVERED]
    if signed:
        changes = {"delivered_at": min(max(signed), now), "check_at": None, "problem": ""}
        if parcel.state == "shipped":
            claim(PARCEL, "shipped", "delivered", Parcel, [parcel.id], **changes)
        else:
            claim(PARCEL, "in_transit", "delivered", Parcel, [parcel.id], **changes)
    elif parcel.state == "shipped" and any(scan.status != Status.ORDERED for scan in trace.scans):
        claim(PARCEL, "shipped", "in_transit", Parcel, [parcel.id])


def _look_after(parcel: Parcel, newest: Status, now: datetime) -> None:
    """A parcel that is heard of need not be asked about for a while; trouble is shown to the merchant."""
    if parcel.state not in FOLLOWED:
        return
    parcel.check_at = None if newest in OVER else now + SILENCE
    parcel.problem = newest.value if newest in ATTENTION else ""
    parcel.tries = 1
    parcel.save(update_fields=["check_at", "problem", "tries"])
