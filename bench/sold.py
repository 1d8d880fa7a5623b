"""Orders that are paid and received, and whose time for giving back is over: each with all its rows.

One is sold through the product (placed, paid by a notification, received); the others are filled in after it.
"""

from __future__ import annotations

from uuid import UUID

from bench.fill import fill_orders
from bench.load import LoadFailed, place_once
from bench.paying import OURS, make_due, pay_some
from bench.reference import BUYER_IDS, SKU_IDS
from bench.session import Session, kept_template
from bench.world import row_id

UNITS = 3  # of one line, so that it can be given back in parts
BUYER, SKU = 7, 5


def fill_sold(found: Session, orders: int) -> None:
    """Fill up to so many; goes on where an earlier run stopped."""
    known = {str(row_id(kind, BUYER)): kind for kind in BUYER_IDS}
    known |= {str(row_id(kind, SKU)): kind for kind in SKU_IDS}
    template = kept_template(found, "sold", lambda: _sell(found), known)
    fill_orders(found.stack, found.world, template, orders, restored=True)


def _sell(found: Session) -> dict[str, str]:
    """Place, pay, receive."""
    since = found.one("select clock_timestamp()")
    answer = place_once(found.stack.base_url, BUYER, SKU, UNITS)
    if answer.status_code != 201:
        raise LoadFailed(f"an order was answered {answer.status_code}: {answer.text[:2000]}")
    due = make_due(found, OURS, hot=False, since=since, most=1, step=1)
    pay_some(found, due)
    _receive(UUID(found.world.merchant_id), due[0]["orders"])
    return {}


def _receive(merchant_id: UUID, order_id: UUID) -> None:
    from django.db.models import F

    from tongdao.foundation import clock
    from tongdao.foundation.actors import SYSTEM
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.trade.orders.models import Allocation
    from tongdao.trade.orders.operations import complete_order, set_confirm_deadline

    with merchant_scope(merchant_id):
        # All is packed; of parcels themselves neither a release nor a refund knows.
        Allocation.objects.filter(line__order_id=order_id).update(packed=F("quantity"))
        set_confirm_deadline(order_id, clock.now())
        complete_order(order_id, actor=SYSTEM)
