"""The order's side of captures. Called by trade.payments in the captures' own transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.events.recording import Row
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.operations import seats_paid
from tongdao.trade.orders.events import OrderPaid
from tongdao.trade.orders.models import Order, PaymentSchedule
from tongdao.trade.orders.promises import PROMISES
from tongdao.trade.orders.states import ORDER, SCHEDULE

FIELDS = ("id", "purchase_id", "person_id", "state", "version", "total_fen", "currency")
# The locking statement gives each row as it is after the wait.
LOCK = f"""
select {", ".join(FIELDS)} from "order" where merchant_id = %s and purchase_id = any(%s)
order by id for no key update
"""  # noqa: S608 constants


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order as it stands while its lock is held."""

    id: UUID
    purchase_id: UUID
    person_id: UUID
    state: str
    version: int
    total_fen: Fen
    currency: str


@dataclass(frozen=True, slots=True)
class PaidStep:
    """A step of a purchase's schedule that has been paid. `request` is named by the events of it."""

    purchase_id: UUID
    schedule_id: UUID
    paid_at: datetime
    request: UUID | None = None


Standing = Mapping[UUID, Sequence[StandingOrder]]  # by purchase


def lock_purchases(purchase_ids: Iterable[UUID]) -> dict[UUID, list[StandingOrder]]:
    """Lock all orders of these purchases, in key order; how they stand, by purchase."""
    enter_rank(Rank.ORDER)
    wanted = list(set(purchase_ids))
    if not wanted:
        return {}
    rows = execute_prepared(LOCK, [current_merchant(), wanted])
    return _by_purchase(StandingOrder(*row) for row in rows.fetchall())


def mark_paid(
    steps: Sequence[PaidStep], orders: Standing, *, actor: Actor
) -> dict[UUID, list[StandingOrder]]:
    """Move the waiting orders of these purchases to paid; they by purchase, as they stood before.

    A purchase of which none waited any more is left out. The caller holds the orders' locks and gives how
    they stand.
    """
    paid = {step.purchase_id: step for step in steps}
    rows = {order.id: order for purchase in paid for order in orders.get(purchase, ())}
    moved = _claim(rows.values(), paid)
    sold = _by_purchase(rows[id] for id in moved)
    due = [step.schedule_id for step in steps if step.purchase_id in sold]
    claim(SCHEDULE, "due", "paid", PaymentSchedule, due)
    record_many(_event(rows[id], paid[rows[id].purchase_id], actor) for id in moved)
    if moved:
        # Who paid for a seat in a group that has dissolved meanwhile still holds it: the sweep over
        # `orders_of_dissolved` cancels such orders and gives the money back.
        seats_paid(moved, at=clock.now(), actor=actor)
    return sold


def _claim(orders: Iterable[StandingOrder], paid: Mapping[UUID, PaidStep]) -> list[UUID]:
    """Those that are moved now, in key order."""
    by_state: dict[str, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    for order in orders:
        at = paid[order.purchase_id].paid_at
        by_state[order.state][order.id] = {"paid_at": at, "ship_by": _ship_by(at)}
    moved = claim(ORDER, "placed", "paid", Order, by_state["placed"])
    return sorted([*moved, *claim(ORDER, "closing", "paid", Order, by_state["closing"])])


def _ship_by(paid_at: datetime) -> datetime:
    return paid_at + timedelta(hours=PROMISES["ship_hours"])


def _by_purchase(orders: Iterable[StandingOrder]) -> dict[UUID, list[StandingOrder]]:
    found: dict[UUID, list[StandingOrder]] = defaultdict(list)
    for order in orders:
        found[order.purchase_id].append(order)
    return dict(found)


def _event(order: StandingOrder, step: PaidStep, actor: Actor) -> Row:
    payload = OrderPaid(
        purchase_id=order.purchase_id,
        person_id=order.person_id,
        total_fen=order.total_fen,
        ship_by=_ship_by(step.paid_at),
    )
    subject = Subject("order", order.id, order.version + 1)
    return as_row(payload, subject=subject, actor=actor, request=step.request)
