"""Looking after parcels whose time has come: waybills not booked yet, carriers that have gone silent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connections

from tongdao.trade.shipping.operations.booking import book_parcel
from tongdao.trade.shipping.operations.following import follow_parcel

DUE = "select merchant_id, id, state from parcel where check_at <= %s order by check_at limit %s"


def sweep_parcels(now: datetime, limit: int = 100) -> int:
    """Work parcels that are due, of all merchants, each in its own scopes; returns how many.

    Two sweeps at once do no harm: every step is put off under the parcel's lock and safe to repeat.
    """
    due = _due(now, limit)
    for merchant_id, parcel_id, state in due:
        if state == "requested":
            book_parcel(merchant_id, parcel_id)
        else:
            follow_parcel(merchant_id, parcel_id)
    return len(due)


def _due(now: datetime, limit: int) -> list[tuple[UUID, UUID, str]]:
    """The platform role sees the parcels of all merchants, and may do nothing else with them."""
    with connections["platform"].cursor() as cursor:
        cursor.execute(DUE, [now, limit])
        found: list[tuple[UUID, UUID, str]] = cursor.fetchall()
    return found
