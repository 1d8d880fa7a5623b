"""Reading reviews: what a product's page shows, what a buyer wrote, what waits for writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tongdao.foundation.pii.masks import mask_name
from tongdao.party.people.models import Person
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.entitled import reviewable_lines, waiting_lines
from tongdao.trade.reviews.models import Review, ReviewPicture, ReviewTally
from tongdao.trade.reviews.operations.writing import follow_up_until

__all__ = [
    "SHOWS",
    "Pixels",
    "ReviewPage",
    "ReviewView",
    "Summary",
    "count_to_review",
    "lines_to_review",
    "page_of",
    "reviews_by",
    "reviews_of",
    "summary_of",
    "views_of",
    "waiting_lines",
]
SHOWS = ("all", "pictures", "follow_up", "5", "4", "3", "2", "1")
"""The filters of a product's reviews: all, those with pictures, with a follow-up, of a number of stars."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a product's reviews add up, without those taken down. `counts`: of one star to five."""

    counts: tuple[int, ...] = (0, 0, 0, 0, 0)
    pictured: int = 0
    followed_up: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def mean_tenths(self) -> int:
        """The mean of all stars in tenths, half up; 0 where there are none."""
        stars = sum(place * count for place, count in enumerate(self.counts, 1))
        return (20 * stars + self.total) // (2 * self.total) if self.total else 0

    def of(self, show: str) -> int:
        """How many a filter finds; tombstones are in none."""
        known = {"all": self.total, "pictures": self.pictured, "follow_up": self.followed_up}
        return known[show] if show in known else self.counts[int(show) - 1]


@dataclass(frozen=True, slots=True)
class Pixels:
    """A stored picture; `file` is a path below MEDIA_ROOT."""

    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as anybody may read it. `writer` is masked, or empty for a guest.

    `state` is shown, folded or taken_down; a taken-down one has no words and no pictures left.
    """

    review_id: UUID
    product_id: UUID
    writer: str
    stars: int
    text: str
    pictures: tuple[Pixels, ...]
    written_at: datetime
    answer: str
    answered_at: datetime | None
    follow_up: str
    follow_up_pictures: tuple[Pixels, ...]
    followed_up_at: datetime | None
    follow_up_answer: str
    follow_up_answered_at: datetime | None
    state: str
    fold_reason: str
    taken_down_reason: str
    taken_down_at: datetime | None
    title: str
    option_text: str
    picture: str

    @property
    def may_follow_up_until(self) -> datetime | None:
        """Until when its writer may add the follow-up; None where there is one, or it is taken down."""
        if self.followed_up_at or self.state == "taken_down":
            return None
        return follow_up_until(self.written_at)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`older` is the place to go on from, None at the end."""

    rows: tuple[ReviewView, ...]
    older: UUID | None


def summary_of(product_id: UUID) -> Summary:
    row = ReviewTally.objects.filter(product_id=product_id).first()
    if row is None:
        return Summary()
    counts = (row.stars_1, row.stars_2, row.stars_3, row.stars_4, row.stars_5)
    return Summary(counts, row.pictured, row.followed_up)


def reviews_of(
    product_id: UUID,
    *,
    show: str = "all",
    before: UUID | None = None,
    limit: int = 10,
    states: Collection[str] = (),
) -> ReviewPage:
    """A product's reviews, newest first, from behind `before`. Tombstones stand only among all of them."""
    rows = _shown(Review.objects.filter(product_id=product_id), show)
    if states:
        rows = rows.filter(state__in=states)
    return page_of(rows, before, limit)


def reviews_by(person_id: UUID, *, before: UUID | None = None, limit: int = 10) -> ReviewPage:
    """What a person wrote here, newest first."""
    return page_of(Review.objects.filter(person_id__same_as=person_id), before, limit)


def page_of(rows: QuerySet[Review], before: UUID | None, limit: int) -> ReviewPage:
    """`limit` of these rows, newest first; a `before` that is none of the merchant's begins at the top."""
    place = Review.objects.filter(pk=before).values_list("written_at", "id").first() if before else None
    if place:
        at, id = place
        rows = rows.filter(Q(written_at=at, id__lt=id) | Q(written_at__lt=at), written_at__lte=at)
    found = list(rows.order_by("-written_at", "-id")[: limit + 1])
    more = len(found) > limit
    return ReviewPage(views_of(found[:limit]), found[limit - 1].id if more else None)


def views_of(reviews: Sequence[Review]) -> tuple[ReviewView, ...]:
    """Lines are read on their own: joined in, they made the planner sort all reviews for one page."""
    pictures, names = _pictures(reviews), _names(reviews)
    lines = OrderLine.objects.in_bulk([review.line_id for review in reviews])
    return tuple(
        _view(review, lines[review.line_id], pictures, names.get(review.person_id, "")) for review in reviews
    )


def lines_to_review(person_id: UUID, *, limit: int = 50) -> list[OrderLine]:
    """What waits for a review of this person, latest received first; with its order."""
    lines = reviewable_lines(person_id).select_related("order")
    return list(lines.order_by("-order__placed_at", "order_id", "position")[:limit])


def count_to_review(person_id: UUID) -> int:
    return reviewable_lines(person_id).count()


def _shown(rows: QuerySet[Review], show: str) -> QuerySet[Review]:
    if show == "all":
        return rows
    rows = rows.exclude(state="taken_down")
    if show == "pictures":
        return rows.filter(Q(pictures__gt=0) | Q(follow_up_pictures__gt=0))
    if show == "follow_up":
        return rows.filter(followed_up_at__isnull=False)
    return rows.filter(stars=int(show))


def _pictures(reviews: Sequence[Review]) -> dict[tuple[UUID, bool], list[Pixels]]:
    found: defaultdict[tuple[UUID, bool], list[Pixels]] = defaultdict(list)
    pictured = [review.id for review in reviews if review.pictures or review.follow_up_pictures]
    rows = ReviewPicture.objects.filter(review_id__in=pictured).exclude(file="") if pictured else ()
    for row in sorted(rows, key=lambda row: row.position):
        found[row.review_id, row.follow_up].append(Pixels(row.file, row.width, row.height))
    return found


def _names(reviews: Sequence[Review]) -> dict[UUID, str]:
    ids = {review.person_id for review in reviews}
    rows = Person.objects.filter(pk__in=ids, shown_name__isnull=False) if ids else ()
    return {row.pk: mask_name(row.shown_name or "") for row in rows}


def _view(
    review: Review, line: OrderLine, pictures: dict[tuple[UUID, bool], list[Pixels]], writer: str
) -> ReviewView:
    return ReviewView(
        review_id=review.id,
        product_id=review.product_id,
        writer=writer,
        stars=review.stars,
        text=review.text,
        pictures=tuple(pictures.get((review.id, False), ())),
        written_at=review.written_at,
        answer=review.answer,
        answered_at=review.answered_at,
        follow_up=review.follow_up,
        follow_up_pictures=tuple(pictures.get((review.id, True), ())),
        followed_up_at=review.followed_up_at,
        follow_up_answer=review.follow_up_answer,
        follow_up_answered_at=review.follow_up_answered_at,
        state=review.state,
        fold_reason=review.fold_reason,
        taken_down_reason=review.taken_down_reason,
        taken_down_at=review.taken_down_at,
        title=line.title,
        option_text=line.option_text,
        picture=line.picture,
    )
