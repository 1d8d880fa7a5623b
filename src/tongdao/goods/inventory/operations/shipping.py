"""Goods that leave the warehouse for an order that they were promised to."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.inventory.models import Reservation, Stock, StockMovement
from tongdao.goods.inventory.states import RESERVATION

LEAVE = """
update stock set on_hand = stock.on_hand - sent.units, reserved = stock.reserved - sent.units
from (select held.stock_id, sum(leaving.units)::integer units
      from jsonb_to_recordset(%(units)s::jsonb) as leaving(id uuid, units integer)
      join reservation held on held.merchant_id = %(merchant)s and held.id = leaving.id
      where held.state = 'held'
      group by held.stock_id) sent
where stock.merchant_id = %(merchant)s and stock.id = sent.stock_id
returning stock.id, sent.units
"""


class ReservationGone(Exception):
    """Units were to leave that are not held for the order any more; nothing was written."""


def ship_units(units: Mapping[UUID, int], *, consumed: Collection[UUID], source: UUID) -> None:
    """Take units of held reservations (id → units) out of the warehouse; `source` is the parcel.

    Those in `consumed` have nothing left to leave and end with this. Call it once for each parcel: the
    caller claims the parcel's state first. Raises ReservationGone.
    """
    held = dict(Reservation.objects.filter(id__in=list(units)).values_list("id", "stock_id"))
    lock_rows(Rank.STOCK, Stock, held.values())
    asked = json.dumps([{"id": str(key), "units": count} for key, count in units.items()])
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, {"units": asked, "merchant": current_merchant()})
        left: list[tuple[UUID, int]] = cursor.fetchall()
    if sum(count for _, count in left) != sum(units.values()):
        raise ReservationGone(source)
    at = clock.now()
    StockMovement.objects.bulk_create(
        [
            StockMovement(stock_id=stock_id, delta=-count, reason="ship", source=source, at=at)
            for stock_id, count in left
        ]
    )
    claim(RESERVATION, "held", "consumed", Reservation, list(consumed))


BACK = """
update stock set on_hand = stock.on_hand + back.units, reserved = stock.reserved + back.units
from (select held.stock_id, sum(coming.units)::integer units
      from jsonb_to_recordset(%(units)s::jsonb) as coming(id uuid, units integer)
      join reservation held on held.merchant_id = %(merchant)s and held.id = coming.id
      where held.state = 'held'
      group by held.stock_id) back
where stock.merchant_id = %(merchant)s and stock.id = back.stock_id
returning stock.id, back.units
"""


def take_back_units(units: Mapping[UUID, int], *, source: UUID) -> None:
    """The opposite of `ship_units`, for a parcel that never left: its units lie in the warehouse and are
    held for the order again. Call it once for each parcel; raises ReservationGone."""
    held = dict(Reservation.objects.filter(id__in=list(units)).values_list("id", "stock_id"))
    lock_rows(Rank.STOCK, Stock, held.values())
    claim(RESERVATION, "consumed", "held", Reservation, list(units))
    asked = json.dumps([{"id": str(key), "units": count} for key, count in units.items()])
    with connection.cursor() as cursor:
        cursor.execute(BACK, {"units": asked, "merchant": current_merchant()})
        came: list[tuple[UUID, int]] = cursor.fetchall()
    if sum(count for _, count in came) != sum(units.values()):
        raise ReservationGone(source)
    at = clock.now()
    StockMovement.objects.bulk_create(
        [
            StockMovement(stock_id=stock_id, delta=count, reason="unship", source=source, at=at)
            for stock_id, count in came
        ]
    )
