"""Orders of somebody who was erased are found by their number, no longer by a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongdao.foundation.personal import holds
from tongdao.trade.lookup.models import OrderKey
from tongdao.trade.orders.models import Order


def phone_keys(person_id: UUID) -> QuerySet[Any]:
    orders = Order.objects.filter(person_id=person_id).values("id")
    return OrderKey.objects.filter(key__startswith="p", id__in=orders)


def forget_phones(person_id: UUID) -> int:
    """The table's key is (merchant, key, order): rows go by a statement of their own."""
    rows = phone_keys(person_id)
    return rows._raw_delete(rows.db)


holds(OrderKey, "erased", rows=phone_keys, erase=forget_phones)
