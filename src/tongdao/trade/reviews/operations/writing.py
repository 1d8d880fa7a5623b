"""What a buyer says: a review of a line that was received, and one follow-up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.rulebook import trade
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.reviews.entitled import has_reviewed, is_interested, is_received, is_undone
from tongdao.trade.reviews.events import ReviewFollowedUp, ReviewWritten
from tongdao.trade.reviews.models import MOST_LETTERS, MOST_PICTURES, Review, ReviewPicture
from tongdao.trade.reviews.pictures import Stored
from tongdao.trade.reviews.refusals import (
    AlreadyFollowedUp,
    AlreadyReviewed,
    FollowUpTooLate,
    NothingKept,
    NotReceivedYet,
    ReviewGone,
    StarsMissing,
    TooManyPictures,
    WordsMissing,
    WordsTooLong,
)
from tongdao.trade.reviews.states import STANDING
from tongdao.trade.reviews.tally import count_follow_up, count_in


@dataclass(frozen=True, slots=True)
class Said:
    """What came with one sending: a text and stored pictures, either of which may be missing."""

    text: str = ""
    pictures: Sequence[Stored] = ()


def write_review(line_id: UUID, *, stars: int, said: Said, actor: Actor) -> Review:
    """The actor's review of a line of their own that was received; a line has one.

    Raises NotFound, NotReceivedYet, NothingKept, AlreadyReviewed, StarsMissing, WordsTooLong or
    TooManyPictures. Whatever undoes the line takes the same order lock, and so does a second review of it.
    """
    if stars not in range(1, 6):
        raise StarsMissing()
    text = _text(said)
    line = _own_line(line_id, actor)
    check_reviewable(line)
    writer = actor.id or line.order.person_id
    interested, repeated = is_interested(line, writer), has_reviewed(line.product_id, writer)
    review = Review.objects.create(
        line=line,
        product_id=line.product_id,
        person_id=line.order.person_id,
        stars=stars,
        text=text,
        pictures=len(said.pictures),
        written_at=clock.now(),
    )
    _hang(review, said, follow_up=False)
    count_in(review)
    payload = ReviewWritten(
        product_id=review.product_id,
        line_id=line.id,
        person_id=review.person_id,
        stars=stars,
        pictures=review.pictures,
        interested=interested,
        repeated=repeated,
    )
    record(payload, subject=review, actor=actor)
    return review


def check_reviewable(line: OrderLine) -> None:
    """Raises NotReceivedYet, NothingKept or AlreadyReviewed."""
    if Review.objects.filter(line=line).exists():
        raise AlreadyReviewed()
    if not is_received(line):
        raise NotReceivedYet()
    if is_undone(line):
        raise NothingKept()


def add_follow_up(review_id: UUID, *, said: Said, actor: Actor) -> Review:
    """The one follow-up of the actor's own review, with words or pictures.

    Raises NotFound, WordsMissing, WordsTooLong, TooManyPictures, FollowUpTooLate, AlreadyFollowedUp or
    ReviewGone.
    """
    text = _text(said)
    if not text and not said.pictures:
        raise WordsMissing()
    mine = Review.objects.filter(pk=review_id, person_id__same_as=_person(actor))
    now = clock.now()
    _check_time(mine.first(), now)
    changed = mine.filter(state__in=STANDING, followed_up_at__isnull=True).update(
        follow_up=text,
        follow_up_pictures=len(said.pictures),
        followed_up_at=now,
        version=F("version") + 1,
    )
    review = mine.get()
    if not changed:
        raise AlreadyFollowedUp() if review.state in STANDING else ReviewGone()
    _hang(review, said, follow_up=True)
    count_follow_up(review)
    payload = ReviewFollowedUp(
        product_id=review.product_id, person_id=review.person_id, pictures=review.follow_up_pictures
    )
    record(payload, subject=review, actor=actor)
    return review


def follow_up_until(written_at: datetime) -> datetime:
    """The moment until which a review of then may have its follow-up."""
    return written_at + trade.REVIEW_FOLLOW_UP.on(written_at)


def _person(actor: Actor) -> UUID:
    if actor.kind != "person" or actor.id is None:
        raise NotFound()
    return actor.id


def _check_time(review: Review | None, now: datetime) -> None:
    if review is None:
        raise NotFound()
    if now > follow_up_until(review.written_at):
        raise FollowUpTooLate(days=trade.REVIEW_FOLLOW_UP.on(review.written_at).days)


def _own_line(line_id: UUID, actor: Actor) -> OrderLine:
    """With its order locked."""
    order_id = (
        OrderLine.objects.filter(pk=line_id, order__person_id__same_as=_person(actor))
        .values_list("order_id", flat=True)
        .first()
    )
    if order_id is None or not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    return OrderLine.objects.select_related("order").get(pk=line_id)


def _text(said: Said) -> str:
    text = said.text.strip()
    if len(text) > MOST_LETTERS:
        raise WordsTooLong()
    if len(said.pictures) > MOST_PICTURES:
        raise TooManyPictures()
    return text


def _hang(review: Review, said: Said, *, follow_up: bool) -> None:
    ReviewPicture.objects.bulk_create(
        ReviewPicture(
            review=review,
            follow_up=follow_up,
            position=position,
            file=picture.file,
            width=picture.width,
            height=picture.height,
        )
        for position, picture in enumerate(said.pictures, 1)
    )
