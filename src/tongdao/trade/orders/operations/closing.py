"""An order that will not be paid: first `closing`, then the channel is asked, then its goods are free.

The channel is asked between the two, outside any scope, by trade.payments.
"""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.goods.inventory.operations import release_reservations
from tongdao.terms.plans.budgets import return_budgets
from tongdao.terms.promotions.operations import return_uses
from tongdao.trade.orders.events import OrderClosed, OrderClosing
from tongdao.trade.orders.models import Allocation, Order, PaymentSchedule
from tongdao.trade.orders.states import ORDER, SCHEDULE


def begin_close(purchase_id: UUID, *, reason: str, actor: Actor) -> list[UUID]:
    """From now on no new payment is begun for the purchase. Returns the orders that are closing."""
    ids = lock_purchase(purchase_id)
    moved = claim(ORDER, "placed", "closing", Order, ids, close_reason=reason)
    rows = Order.objects.filter(pk__in=moved).order_by("id")
    record_many(
        as_row(
            OrderClosing(purchase_id=purchase_id),
            subject=Subject("order", order.id, order.version),
            actor=actor,
            reason=reason,
        )
        for order in rows
    )
    return list(Order.objects.filter(pk__in=ids, state="closing").values_list("id", flat=True))


def finish_close(purchase_id: UUID, *, actor: Actor) -> list[UUID]:
    """The channel has closed: goods and offers are free again. Returns the orders closed now.

    The caller holds the orders' locks (`lock_purchase`).
    """
    ids = list(Order.objects.filter(purchase_id=purchase_id).values_list("id", flat=True))
    closed = claim(ORDER, "closing", "closed", Order, ids, closed_at=clock.now())
    held = Allocation.objects.filter(line__order_id__in=closed).values_list("id", flat=True)
    release_reservations(list(held))
    return_uses(closed, actor=actor)
    return_budgets(closed)
    if closed:
        due = list(PaymentSchedule.objects.filter(purchase_id=purchase_id).values_list("id", flat=True))
        claim(SCHEDULE, "due", "void", PaymentSchedule, due)
    record_many(
        as_row(
            OrderClosed(purchase_id=purchase_id, person_id=order.person_id),
            subject=Subject("order", order.id, order.version),
            actor=actor,
            reason=order.close_reason,
        )
        for order in Order.objects.filter(pk__in=closed).order_by("id")
    )
    return closed


def lock_purchase(purchase_id: UUID) -> list[UUID]:
    """Lock all orders of a purchase; their ids."""
    ids = Order.objects.filter(purchase_id=purchase_id).values_list("id", flat=True)
    return lock_rows(Rank.ORDER, Order, ids)
