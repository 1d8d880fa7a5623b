"""Looking after parcels whose time has come: waybills not booked yet, carriers that have gone silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.sweeping import Unreachable, due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.shipping.models import Parcel, ReturnParcel
from tongdao.trade.shipping.operations.booking import book_parcel
from tongdao.trade.shipping.operations.cancelling import cancel_booked
from tongdao.trade.shipping.operations.following import follow_parcel, follow_return

REST = timedelta(minutes=1)
DUE = "select merchant_id, id, state from parcel where check_at <= %s order by check_at limit %s"
# Merchants take turns: one whose gateway is dead keeps nobody waiting.
DUE_BACK = """
select merchant_id, id from return_parcel where check_at <= %s
order by row_number() over (partition by merchant_id order by check_at), check_at limit %s
"""

STEPS = {"requested": book_parcel, "cancelling": cancel_booked}


def sweep_parcels(now: datetime, limit: int = 100) -> int:
    """Work parcels that are due, of all merchants, each in its own scopes; returns how many went well.

    Two sweeps at once do no harm: every step is put off under the parcel's lock and safe to repeat.
    """

    def look_after(merchant_id: UUID, parcel_id: UUID, state: str) -> None:
        act = STEPS.get(state, follow_parcel)
        if not act(merchant_id, parcel_id):
            _rest(merchant_id, now)
            raise Unreachable("the carrier gateway is down")

    return work_off(due_rows(DUE, now, limit), look_after, "looking after a parcel")


def sweep_return_parcels(now: datetime, limit: int = 100) -> int:
    """The same for what buyers send back."""

    def look_after(merchant_id: UUID, parcel_id: UUID) -> None:
        if not follow_return(merchant_id, parcel_id):
            _rest(merchant_id, now)
            raise Unreachable("the carrier gateway is down")

    return work_off(due_rows(DUE_BACK, now, limit), look_after, "looking after what is sent back")


def _rest(merchant_id: UUID, now: datetime) -> None:
    """One merchant's dead gateway must not cost the others a timeout for each of its parcels."""
    with merchant_scope(merchant_id):
        Parcel.objects.filter(check_at__lte=now).update(check_at=now + REST)
        ReturnParcel.objects.filter(check_at__lte=now).update(check_at=now + REST)
