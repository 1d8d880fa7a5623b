"""What the events of a batch are about. Only columns that never change once their event is recorded are read,
so that a replay from zero finds the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.events import Event
from tongdao.party.network.models import Promoter
from tongdao.trade.aftersales.models import AfterSaleLine
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Line:
    """`promoter_id` is empty where a promoter bought by its own recommendation."""

    product_id: UUID
    promoter_id: UUID | None
    quantity: int
    paid: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """An order as it was paid and promised."""

    paid_at: datetime
    ship_by: datetime | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A review. It counts when money was paid for the line and it is its writer's first of the product."""

    line: Line
    stars: int
    written_at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class Facts:
    orders: Mapping[UUID, Sent]
    reviews: Mapping[UUID, Said]
    back: Mapping[UUID, Sequence[tuple[Line, int]]]  # by case: its lines and how many units of each


def read_facts(batch: Sequence[Event]) -> Facts:
    """In the merchant's scope; a few statements, whatever the size of the batch."""
    orders = {UUID(event.payload["order_id"]) for event in batch if "order_id" in event.payload}
    reviews = {event.subject_id for event in batch if event.subject_type == "review"}
    cases = {event.subject_id for event in batch if event.name == "after_sale.opened"}
    said = list(Review.objects.filter(pk__in=reviews).select_related("line"))
    gone = list(AfterSaleLine.objects.filter(aftersale_id__in=cases).select_related("line"))
    found = OrderLine.objects.filter(order_id__in=orders)
    lines = {row.id: row for row in (*found, *(one.line for one in said), *(one.line for one in gone))}
    known = _lines(lines)
    back: defaultdict[UUID, list[tuple[Line, int]]] = defaultdict(list)
    for one in gone:
        back[one.aftersale_id].append((known[one.line_id], one.quantity))
    return Facts(_orders(orders, lines, known), _reviews(said, known), back)


def _lines(rows: Mapping[UUID, OrderLine]) -> dict[UUID, Line]:
    buyers = dict(
        Order.objects.filter(pk__in={row.order_id for row in rows.values()}).values_list("id", "person_id")
    )
    promoters = {row.promoter_id for row in rows.values() if row.promoter_id}
    persons = dict(Promoter.objects.filter(pk__in=promoters).values_list("id", "person_id"))
    return {
        id: Line(
            row.product_id,
            None
            if row.promoter_id is None or persons.get(row.promoter_id) == buyers[row.order_id]
            else row.promoter_id,
            row.quantity,
            row.paid_fen > 0,
        )
        for id, row in rows.items()
    }


def _orders(
    ids: Collection[UUID], rows: Mapping[UUID, OrderLine], known: Mapping[UUID, Line]
) -> dict[UUID, Sent]:
    of: defaultdict[UUID, list[Line]] = defaultdict(list)
    for id, row in rows.items():
        of[row.order_id].append(known[id])
    found = Order.objects.filter(pk__in=ids)
    return {
        id: Sent(paid_at, ship_by, tuple(of[id]))
        for id, paid_at, ship_by in found.values_list("id", "paid_at", "ship_by")
        if paid_at is not None
    }


def _reviews(rows: Sequence[Review], known: Mapping[UUID, Line]) -> dict[UUID, Said]:
    first = _first({row.product_id for row in rows}, {row.person_id for row in rows})
    return {
        row.id: Said(
            known[row.line_id],
            row.stars,
            row.written_at,
            known[row.line_id].paid and first[row.product_id, row.person_id] == row.id,
        )
        for row in rows
    }


def _first(products: Collection[UUID], persons: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """By product and person, the review that was written first."""
    if not products:
        return {}
    rows = Review.objects.filter(product_id__in=products, person_id__in=persons)
    places = rows.order_by("-written_at", "-id").values_list("product_id", "person_id", "id")
    return {(product, person): id for product, person, id in places}
