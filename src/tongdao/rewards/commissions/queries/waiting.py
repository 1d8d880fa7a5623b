"""Why the shares of an order are not their earners' own yet, and until when that stays so at least."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund

Cause = Literal["payment", "receipt", "refund", "case", "window", "turn", "released", "over"]
"""`payment` and `receipt`: the buyer has not paid, or confirmed. `refund`: the channel still pays one back.
`case`: an after-sale case is open. `window`: the goods can still be given back. `turn`: due, the sweep comes.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`until`: the earliest moment at which it can change by itself, where that is known."""

    cause: Cause
    until: datetime | None = None


_ASKED = ("id", "state", "pay_by", "confirm_by", "release_at", "released_at")  # of who bought, nothing


def waits_for(order_id: UUID) -> Waiting:
    """Raises NotFound."""
    found = wait_for([order_id])
    if order_id not in found:
        raise NotFound()
    return found[order_id]


def wait_for(order_ids: Iterable[UUID]) -> dict[UUID, Waiting]:
    """The same of many orders at once; those that are not there are left out."""
    orders = list(Order.objects.filter(pk__in=set(order_ids)).only(*_ASKED))
    due = [order.id for order in orders if order.release_at and not order.released_at]
    refunds = Refund.objects.filter(order_id__in=due, state__in=["requested", "accepted"])
    cases = AfterSale.objects.filter(order_id__in=due).exclude(state__in=AFTER_SALE.final)
    paid_back = set(refunds.values_list("order_id", flat=True)) if due else set()
    disputed = set(cases.values_list("order_id", flat=True)) if due else set()
    return {order.id: _waiting(order, paid_back, disputed) for order in orders}


def _waiting(order: Order, paid_back: Container[UUID | None], disputed: Container[UUID | None]) -> Waiting:
    if order.released_at:
        return Waiting("released")
    if order.state in ("closed", "cancelled"):
        return Waiting("over")
    if order.state in ("placed", "closing"):
        return Waiting("payment", order.pay_by)
    if order.release_at is None:
        return Waiting("receipt", order.confirm_by)
    if order.release_at > clock.now():
        return Waiting("window", order.release_at)
    if order.id in paid_back:
        return Waiting("refund")
    return Waiting("case") if order.id in disputed else Waiting("turn")
