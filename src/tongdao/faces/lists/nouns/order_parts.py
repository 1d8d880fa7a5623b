"""What the list of orders tells of an order beyond its own row, for many at once.

What every page needs is asked by prepared statements, side by side: building and planning them, and waiting
for one after the other, cost more than they do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tongdao.faces.lists.people import promoter_names
from tongdao.foundation.reading import Asking, ask, gather
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook import divisions
from tongdao.terms.promotions.queries import ask_waiting
from tongdao.trade.notes.queries import Mark, ask_marks
from tongdao.trade.orders.models import DeliveryAddress, Order, OrderLine, TouchCandidate

Orders = Sequence[Order]
GOODS = """
select order_id, title, quantity from order_line
where merchant_id = %s and order_id = any(%s) order by position
"""
RECIPIENTS = """
select purchase_id, recipient from delivery_address
where merchant_id = %s and purchase_id = any(%s) and erased_at is null
"""
LEFT = """
select l.order_id, sum(a.quantity - a.packed - a.cancelled)::int from order_line l
join allocation a on a.merchant_id = l.merchant_id and a.line_id = l.id
where l.merchant_id = %s and l.order_id = any(%s) group by l.order_id
"""
RECIPIENT = DeliveryAddress._meta.get_field("recipient")


def goods_of(orders: Orders) -> Asking[Mapping[UUID, tuple[str, int]]]:
    """The first line's title, and the units of all lines."""
    found: dict[UUID, tuple[str, int]] = {}
    rows = yield from ask(GOODS, [current_merchant(), _ids(orders)])
    for id, title, units in rows:
        first, many = found.get(id, (title, 0))
        found[id] = (first, many + units)
    return found


def standing_of(orders: Orders) -> Asking[Mapping[UUID, tuple[str, int]]]:
    """How far a paid order is: "group" (it waits for one), "to_ship" or "packed"; and its units to pack."""
    paid = [order.id for order in orders if order.state == "paid"]
    if not paid:
        return {}
    waiting, rows = yield from gather(ask_waiting(paid), ask(LEFT, [current_merchant(), paid]))
    left: dict[UUID, int] = dict(rows)
    known = {id: left.get(id, 0) for id in paid}
    return {
        id: ("group", 0) if id in waiting else ("to_ship" if units else "packed", units)
        for id, units in known.items()
    }


def marks_of(orders: Orders) -> Asking[Mapping[UUID, Mark]]:
    """Their flags and pinned notes."""
    return ask_marks(_ids(orders))


def recipients_of(orders: Orders) -> Asking[Mapping[UUID, str]]:
    rows = yield from ask(RECIPIENTS, [current_merchant(), [order.purchase_id for order in orders]])
    known = {purchase: RECIPIENT.open(sealed) for purchase, sealed in rows if sealed is not None}
    return {order.id: known[order.purchase_id] for order in orders if order.purchase_id in known}


def phones_of(orders: Orders) -> Mapping[UUID, str]:
    return {id: phone for id, (phone,) in _addresses(orders, "phone").items()}


def addresses_of(orders: Orders) -> Mapping[UUID, str]:
    """Region and street, as far as they are not erased."""
    columns = ("division_code", "division_version", "detail")
    found = _addresses(orders, *columns)
    return {id: f"{divisions.full_name(code, version)} {rest}" for id, (code, version, rest) in found.items()}


def promoters_of(orders: Orders) -> Mapping[UUID, str]:
    """Of record, by name; several lines may have several."""
    rows = OrderLine.objects.filter(order_id__in=_ids(orders), promoter_id__isnull=False)
    pairs = dict.fromkeys(rows.order_by("position").values_list("order_id", "promoter_id"))
    names = promoter_names(id for _order, id in pairs if id)
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for order_id, promoter_id in pairs:
        found[order_id].append(names.get(promoter_id, "") if promoter_id else "")
    return {id: "、".join(filter(None, shown)) for id, shown in found.items()}


def entrances_of(orders: Orders) -> Mapping[UUID, str]:
    """The entrance whose touch won."""
    rows = TouchCandidate.objects.filter(order_id__in=_ids(orders), won=True)
    return dict(rows.values_list("order_id", "touch__channel"))


def _addresses(orders: Orders, *columns: str) -> Mapping[UUID, tuple[Any, ...]]:
    """Only what is asked for: each sealed column costs its opening."""
    purchases = [order.purchase_id for order in orders]
    rows = DeliveryAddress.objects.filter(purchase_id__in=purchases, erased_at__isnull=True)
    known = {purchase: rest for purchase, *rest in rows.values_list("purchase_id", *columns)}
    return {order.id: tuple(known[order.purchase_id]) for order in orders if order.purchase_id in known}


def _ids(orders: Orders) -> list[UUID]:
    return [order.id for order in orders]
