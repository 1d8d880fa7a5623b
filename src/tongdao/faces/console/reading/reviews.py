"""Reviews as the desk lists them, and one whole with what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from tongdao.faces.console.reading.paging import Place, slice_of
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.reading.record import Told
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.refusals import NotFound
from tongdao.trade.orders.models import Order
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.queries import ReviewView, views_of
from tongdao.trade.reviews.states import STANDING

VIEWS: dict[str, Q] = {
    "": Q(),
    "open": Q(state__in=STANDING)
    & (Q(answered_at__isnull=True) | Q(followed_up_at__isnull=False, follow_up_answered_at__isnull=True)),
    "low": Q(state__in=STANDING, stars__lte=2),
    "pictures": Q(pictures__gt=0) | Q(follow_up_pictures__gt=0),
    "folded": Q(state="folded"),
    "gone": Q(state="taken_down"),
}


@dataclass(frozen=True, slots=True)
class ReviewRows:
    rows: Sequence[ReviewView]
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review, its order, and its story, the oldest first."""

    view: ReviewView
    order_id: UUID
    order_number: str
    told: Sequence[Told]


def review_rows(view: str, *, words: str, stars: int | None, place: Place) -> ReviewRows:
    """`view` is one of VIEWS; `words` are looked for in what was written and in the goods' title."""
    rows = Review.objects.filter(VIEWS[view])
    if words:
        said = Q(text__icontains=words) | Q(follow_up__icontains=words)
        rows = rows.filter(said | Q(line__title__icontains=words))
    if stars:
        rows = rows.filter(stars=stars, state__in=STANDING)
    found = slice_of(rows, place, time="written_at")
    return ReviewRows(views_of(found.rows), found.newer, found.older)


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
