"""The cart: what a person means to buy. It promises nothing."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Sku
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.refusals import QuantityInvalid, TooManyLines

MOST_LINES = 50
MOST_UNITS = 999


def set_cart_line(person_id: UUID, sku_id: UUID, quantity: int, *, add: bool = False) -> int:
    """Set (or, with `add`, raise) the quantity of a SKU; 0 takes it out. Returns the new quantity.

    Raises NotFound, QuantityInvalid or TooManyLines.
    """
    line = CartLine.objects.filter(person_id=person_id, sku_id=sku_id).first()
    units = quantity + (line.quantity if line and add else 0)
    if not 0 <= units <= MOST_UNITS:
        raise QuantityInvalid()
    if units == 0:
        CartLine.objects.filter(person_id=person_id, sku_id=sku_id).delete()
        return 0
    if line is None and not Sku.objects.filter(pk=sku_id).exists():
        raise NotFound()
    if line is None and CartLine.objects.filter(person_id=person_id).count() >= MOST_LINES:
        raise TooManyLines()
    CartLine.objects.bulk_create(
        [CartLine(person_id=person_id, sku_id=sku_id, quantity=units)],
        update_conflicts=True,
        unique_fields=["merchant_id", "person_id", "sku"],
        update_fields=["quantity"],
    )
    return units


def clear_cart(person_id: UUID) -> None:
    CartLine.objects.filter(person_id=person_id).delete()
