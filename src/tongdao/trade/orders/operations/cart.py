"""The cart: what a person means to buy. It promises nothing."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.models import Sku
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.refusals import QuantityInvalid, TooManyLines

MOST_LINES = 50
MOST_UNITS = 999

# One statement, so that of two who add at once neither is lost.
_PUT = """
insert into cart_line (id, merchant_id, person_id, sku_id, quantity, added_at) values (%s, %s, %s, %s, %s, %s)
on conflict (merchant_id, person_id, sku_id) do update
set quantity = excluded.quantity + case when %s then cart_line.quantity else 0 end
returning quantity
"""


def set_cart_line(person_id: UUID, sku_id: UUID, quantity: int, *, add: bool = False) -> int:
    """Set (or, with `add`, raise by one at least) the quantity of a SKU; setting 0 takes it out.

    Returns the new quantity. Raises NotFound, QuantityInvalid or TooManyLines.
    """
    if not add and quantity == 0:
        CartLine.objects.filter(person_id=person_id, sku_id=sku_id).delete()
        return 0
    if not 0 < quantity <= MOST_UNITS:
        raise QuantityInvalid()
    _check_room(person_id, sku_id)
    values = [uuid7(), current_merchant(), person_id, sku_id, quantity, clock.now(), add]
    try:
        with transaction.atomic():
            ((units,),) = execute_prepared(_PUT, values).fetchall()
    except IntegrityError as error:  # the table says how many fit
        raise QuantityInvalid() from error
    return int(units)


def _check_room(person_id: UUID, sku_id: UUID) -> None:
    lines = set(CartLine.objects.filter(person_id=person_id).values_list("sku_id", flat=True))
    if sku_id in lines:
        return
    if not Sku.objects.filter(pk=sku_id).exists():
        raise NotFound()
    if len(lines) >= MOST_LINES:
        raise TooManyLines()


def clear_cart(person_id: UUID) -> None:
    CartLine.objects.filter(person_id=person_id).delete()
