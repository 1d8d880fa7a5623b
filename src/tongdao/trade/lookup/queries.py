"""Orders by what a desk knows of them, the newest first. In the open merchant_scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.lookup.handlers import TAIL, number_key, phone_key, sku_key
from tongdao.trade.orders.models import DeliveryAddress, Order

LEAST = 4  # last digits of a number; fewer would be a tenth of all orders
MOST_SKUS = 200


def orders_by_number_end(digits: str, *, limit: int = 20) -> list[UUID]:
    """Whose number ends so."""
    if len(digits) < LEAST:
        return []
    start = number_key(digits)
    return _newest("key >= %s and key < %s", [start, start + ":"], limit)  # ":" comes after "9"


def orders_by_phone_end(digits: str, *, limit: int = 20) -> list[UUID]:
    """Whose recipient's phone ends with these four digits, and is not erased."""
    if len(digits) != TAIL:
        return []
    held = DeliveryAddress.objects.filter(purchase_id=OuterRef("purchase_id"), erased_at__isnull=True)
    known = _newest("key = %s", [phone_key(digits)], 10 * limit)
    there = Order.objects.filter(Exists(held), id__in=known)
    return list(there.order_by("-id").values_list("id", flat=True)[:limit])


def orders_with_skus(sku_ids: Iterable[UUID], *, limit: int = 20) -> list[UUID]:
    """In which one of these was ordered."""
    keys = [sku_key(id) for id in list(sku_ids)[:MOST_SKUS]]
    return _newest("key = any(%s)", [keys], limit)


def _newest(condition: str, values: Sequence[object], limit: int) -> list[UUID]:
    """`condition` is one of ours, of the column `key`."""
    text = f"select distinct id from order_key where merchant_id = %s and {condition}"  # noqa: S608  # as said
    rows = execute_prepared(f"{text} order by id desc limit %s", [current_merchant(), *values, limit])
    return [id for (id,) in rows]
