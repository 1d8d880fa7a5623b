"""A review whole, with what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.reading.record import Told
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.refusals import NotFound
from tongdao.trade.orders.models import Order
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.queries import ReviewView, views_of


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review, its order, and its story, the oldest first."""

    view: ReviewView
    order_id: UUID
    order_number: str
    told: Sequence[Told]


def review_record(review_id: UUID) -> ReviewRecord:
    """Raises NotFound."""
    review = Review.objects.select_related("line").filter(pk=review_id).first()
    if review is None:
        raise NotFound()
    order = Order.objects.get(pk=review.line.order_id)
    events = timeline(Subject("review", review_id))
    names = shown_names(event.actor for event in events if event.actor_kind == "staff")
    told = [Told(event, names.get(event.actor, "") if event.actor else "") for event in events]
    return ReviewRecord(views_of([review])[0], order.id, order.number, told)
