"""Units whose money goes back are not shipped any more, as far as they are in no parcel.

What a buyer's case is about has left in a parcel: as long as that is packed, the rest of the line is owed.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.inventory.operations import give_up_units
from tongdao.trade.shipping.operations.leaving import units_given_up

# Allocations of which something is not packed, with how many refunded units of their line are still to be
# given up: not those that a case is about, while so many are packed.
NOT_PACKED = """
select a.id, l.order_id, a.line_id, a.quantity - a.packed - a.cancelled,
  r.quantity - (select sum(b.cancelled) from allocation b
    where b.merchant_id = a.merchant_id and b.line_id = a.line_id)::integer
  - least(
    (select coalesce(sum(x.quantity), 0) from after_sale_line x
      join after_sale c on c.merchant_id = x.merchant_id and c.id = x.aftersale_id
      where x.merchant_id = a.merchant_id and x.line_id = a.line_id and c.kind not in ('cancel', 'refund')),
    (select sum(b.packed) from allocation b
      where b.merchant_id = a.merchant_id and b.line_id = a.line_id))::integer
from order_line l
join line_refunded r on r.merchant_id = l.merchant_id and r.line_id = l.id
join allocation a on a.merchant_id = l.merchant_id and a.line_id = l.id
where l.merchant_id = %s and l.order_id = any(%s) and a.quantity > a.packed + a.cancelled
order by a.id
"""
GIVE_UP = """
update allocation a set cancelled = a.cancelled + n.units
from unnest(%s::uuid[], %s::integer[]) as n(id, units) where a.merchant_id = %s and a.id = n.id
"""


def give_up_refunded(order_ids: Collection[UUID]) -> None:
    """Free the goods of refunded units that are not packed: now, and again when a parcel comes to nothing.

    The caller holds the orders' locks.
    """
    asked = [current_merchant(), list(order_ids)]
    allocations = list(execute_prepared(NOT_PACKED, asked).fetchall())
    owed: dict[UUID, int] = {line_id: units for _, _, line_id, _, units in allocations}
    given: dict[UUID, int] = {}
    touched: dict[UUID, None] = {}
    for id, order_id, line_id, left, _ in allocations:
        if units := max(0, min(owed[line_id], left)):
            owed[line_id] -= units
            given[id] = units
            touched[order_id] = None
    if given:
        execute_prepared(GIVE_UP, [list(given), list(given.values()), current_merchant()])
        still = {id for order_id in touched for id in units_given_up(order_id)}
        give_up_units(given, consumed=given.keys() - still)
