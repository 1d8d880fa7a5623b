"""Giving back what was promised: an order closed unpaid, or cancelled before shipping."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

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
