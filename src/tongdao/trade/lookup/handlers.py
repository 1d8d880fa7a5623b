"""The projection that keeps the keys. An order's lines and number never change; its address may be erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from tongdao.foundation.bulk import to_json
from tongdao.foundation.events import Event, projection
from tongdao.foundation.pii import blind_index
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.lookup.models import OrderKey
from tongdao.trade.orders.models import DeliveryAddress, Order, OrderLine

TAIL = 4  # digits of a phone that people say
LEARN = """
insert into order_key (merchant_id, id, key)
select %s, id, key from jsonb_to_recordset(%s::jsonb) as row(id uuid, key text) order by key, id
on conflict do nothing
"""


@projection("lookup.orders", events=["order.placed"], tables=[OrderKey])
def keep_keys(batch: list[Event]) -> None:
    orders = list(Order.objects.filter(id__in={event.subject_id for event in batch}))
    phones = _phones(order.purchase_id for order in orders)
    skus: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for line in OrderLine.objects.filter(order_id__in=[order.id for order in orders]):
        skus[line.order_id].add(line.sku_id)
    rows = []
    for order in orders:
        keys = [number_key(order.number), *map(sku_key, skus[order.id])]
        keys += [phone_key(phone) for phone in phones.get(order.purchase_id, ())]
        rows += [{"id": order.id, "key": key} for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(LEARN, [current_merchant(), to_json(rows)])


def number_key(digits: str) -> str:
    """Of a whole number or its last digits."""
    return "n" + digits[::-1]


def phone_key(phone: str) -> str:
    """Of a number or its last four digits, for this merchant alone: the same tail differs at another."""
    tail = "".join(filter(str.isdigit, phone))[-TAIL:]
    return "p" + blind_index(f"phone_last4:{current_merchant()}", tail).hex()


def sku_key(sku_id: UUID) -> str:
    return f"s{sku_id}"


def _phones(purchases: Iterable[UUID]) -> dict[UUID, list[str]]:
    """What is erased is not read, and so not found by its phone."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for address in DeliveryAddress.objects.filter(purchase_id__in=list(purchases), erased_at__isnull=True):
        found[address.purchase_id].append(address.phone)
    return found
