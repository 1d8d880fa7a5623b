"""Giving back what was promised: an order closed unpaid, or cancelled before shipping."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import connection

from tongdao.foundation.bulk import to_json
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.inventory.models import Reservation, Stock
from tongdao.goods.inventory.states import RESERVATION

FREE = """
update stock set reserved = stock.reserved - freed.units
from (select stock_id, sum(quantity) units from reservation
      where merchant_id = %(merchant)s and id = any(%(ids)s) group by stock_id) freed
where stock.merchant_id = %(merchant)s and stock.id = freed.stock_id
"""


def release_reservations(ids: Sequence[UUID]) -> list[UUID]:
    """Free the units of those reservations that are still held; returns their ids.

    Released once however often it is asked: the state is claimed before the counter moves.
    """
    stocks = Reservation.objects.filter(pk__in=list(ids)).values_list("stock_id", flat=True)
    lock_rows(Rank.STOCK, Stock, stocks)
    freed = claim(RESERVATION, "held", "released", Reservation, ids)
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"merchant": current_merchant(), "ids": freed})
    return freed


SHRINK = """
update reservation set quantity = reservation.quantity - given.units
from jsonb_to_recordset(%(units)s::jsonb) as given(id uuid, units integer)
where reservation.merchant_id = %(merchant)s and reservation.id = given.id and reservation.state = 'held'
  and reservation.quantity > given.units
returning reservation.id, reservation.stock_id, given.units
"""
LESS = """
update stock set reserved = stock.reserved - given.units
from (select stock_id, sum(units)::integer units
      from jsonb_to_recordset(%(shrunk)s::jsonb) as row(stock_id uuid, units integer) group by stock_id) given
where stock.merchant_id = %(merchant)s and stock.id = given.stock_id
"""


def give_up_units(units: Mapping[UUID, int], *, consumed: Collection[UUID]) -> None:
    """Free some units of held reservations (id → units), which are not to leave any more.

    A reservation that gives up all it has is released; those in `consumed` have nothing left to leave and end
    with this. The caller counts the units under the lock of what holds them, so that each goes once.
    """
    stocks = Reservation.objects.filter(pk__in=list(units)).values_list("stock_id", flat=True)
    lock_rows(Rank.STOCK, Stock, stocks)
    merchant = current_merchant()
    with connection.cursor() as cursor:
        asked = to_json([{"id": id, "units": count} for id, count in units.items()])
        cursor.execute(SHRINK, {"units": asked, "merchant": merchant})
        shrunk = cursor.fetchall()
        rows = to_json([{"stock_id": stock, "units": count} for _, stock, count in shrunk])
        cursor.execute(LESS, {"shrunk": rows, "merchant": merchant})
    smaller = {id for id, _, _ in shrunk}
    release_reservations([id for id in units if id not in smaller])
    claim(RESERVATION, "held", "consumed", Reservation, sorted(smaller.intersection(consumed)))
